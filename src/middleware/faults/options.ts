/** What goes wrong, and how often. */
import type { Context, RawRequest } from '../../convention/index.ts';
import { checkNames, checkObject, shown } from '../../names/index.ts';

export interface FaultsOptions {
	/** The share of requests that it happens to, from 0 to 1, or who says to which. Default: all of them. */
	readonly share?: number | ((request: RawRequest, context: Context) => boolean);
	/** Milliseconds before the app is asked, or before it fails. Default: 0. */
	readonly delay?: number;
	/** The answer instead of the app's. */
	readonly status?: number;
	/** The connection is dropped without an answer. Default: false. */
	readonly drop?: boolean;
	/** The answer is cut short behind so many bytes of its body. */
	readonly cut?: number;
}

export interface FaultsSettings {
	readonly happens: (request: RawRequest, context: Context) => boolean;
	readonly delay: number;
	readonly status: number | null;
	readonly drop: boolean;
	readonly cut: number | null;
}

/** Throws TypeError or RangeError with the option's name and the reason. */
export function faultsSettings(options: FaultsOptions): FaultsSettings {
	checkObject('faults', options, '{ share: 0.1, status: 503 }');
	checkNames('faults: ', options, ['share', 'delay', 'status', 'drop', 'cut']);
	const { share = 1, delay = 0, status = null, drop = false, cut = null } = options;
	if (typeof share !== 'function' && !(typeof share === 'number' && share >= 0 && share <= 1))
		throw new RangeError(`faults: share must be a number from 0 to 1 or a function, not ${shown(share)}`);
	if (typeof delay !== 'number' || !(delay >= 0))
		throw new RangeError(`faults: delay must be a number of milliseconds from 0 up, not ${shown(delay)}`);
	if (status !== null && !(Number.isInteger(status) && status >= 200 && status <= 599))
		throw new RangeError(`faults: status must be one from 200 to 599, not ${shown(status)}`);
	if (typeof drop !== 'boolean') throw new TypeError(`faults: drop must be true or false, not ${shown(drop)}`);
	if (cut !== null && !(typeof cut === 'number' && cut >= 0))
		throw new RangeError(`faults: cut must be a number of bytes from 0 up, not ${shown(cut)}`);
	if (delay === 0 && status === null && !drop && cut === null)
		throw new TypeError('faults: nothing goes wrong; give it delay, status, drop or cut');
	const happens = typeof share === 'function' ? share : (): boolean => share === 1 || Math.random() < share;
	return { happens, delay, status, drop, cut };
}
