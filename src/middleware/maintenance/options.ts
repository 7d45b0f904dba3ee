/** When the house is closed, and for whom. */
import { AddressSet } from '../../addresses/index.ts';
import type { Context, RawRequest } from '../../convention/index.ts';
import { checkNames, checkObject } from '../../names/index.ts';
import { PathTable } from '../../routing/index.ts';
import { type Switch, switchOf } from './switch.ts';

export interface MaintenanceOptions {
	/**
	 * Whether it is on: always or never, as a function says for each request, or while a file of this path exists (looked for
	 * once a second at most). The function only chooses: `turnabout explain` calls it, too.
	 */
	readonly enabled: boolean | string | (() => boolean);
	/** Seconds after which to come again, or the time at which it will be over. Default: 300. */
	readonly retryAfter?: number | Date;
	/**
	 * Who is let in all the same: addresses and ranges as in `ipAllow`, or a function. It only chooses: `turnabout explain` calls it, too.
	 * Default: nobody.
	 */
	readonly allow?: readonly string[] | ((request: RawRequest, context: Context) => boolean);
	/** Patterns of paths, as in `routes`, that are answered as ever: health checks. Default: none. */
	readonly except?: readonly string[];
	/** A page of HTML, or a function that makes one. It is sent as it is. Default: a plain one with `message`. */
	readonly page?: string | ((request: RawRequest, context: Context) => string);
	/** What people and programs are told. Default: that we are back soon. */
	readonly message?: string;
}

export interface Settings {
	readonly enabled: Switch;
	readonly retryAfter: number | Date;
	readonly allow: AddressSet | ((request: RawRequest, context: Context) => boolean) | null;
	readonly except: PathTable<true> | null;
	readonly page: string | ((request: RawRequest, context: Context) => string) | null;
	readonly message: string;
}

const NAMES: Readonly<Record<keyof MaintenanceOptions, true>> = {
	enabled: true,
	retryAfter: true,
	allow: true,
	except: true,
	page: true,
	message: true,
};

/** Throws TypeError or RangeError with the option's name and the reason. */
export function settingsOf(options: MaintenanceOptions): Settings {
	checkObject('maintenance', options, '{ enabled: true }');
	checkNames('maintenance: ', options, Object.keys(NAMES));
	const { retryAfter = 300, allow, except, page = null } = options;
	const { message = 'We are working on this site and will be back soon.' } = options;
	const seconds = typeof retryAfter === 'number' && Number.isInteger(retryAfter) && retryAfter >= 0 && retryAfter < 1e9;
	if (!seconds && !(retryAfter instanceof Date && !Number.isNaN(retryAfter.getTime()))) {
		throw new RangeError(`maintenance: retryAfter must be whole seconds or a Date, not ${String(retryAfter)}`);
	}
	if (page !== null && typeof page !== 'string' && typeof page !== 'function') {
		throw new TypeError('maintenance: page must be HTML or a function that makes it');
	}
	if (typeof message !== 'string') throw new TypeError('maintenance: message must be a text');
	return {
		enabled: switchOf(options.enabled),
		retryAfter,
		allow: allowOf(allow),
		except: exceptOf(except),
		page,
		message,
	};
}

function allowOf(allow: MaintenanceOptions['allow']): Settings['allow'] {
	if (allow === undefined) return null;
	if (typeof allow === 'function') return allow;
	if (!Array.isArray(allow)) throw new TypeError('maintenance: allow must be a list of addresses or a function');
	return new AddressSet('maintenance: allow', allow);
}

function exceptOf(except: MaintenanceOptions['except']): PathTable<true> | null {
	if (except === undefined) return null;
	if (!Array.isArray(except) || !except.every((pattern) => typeof pattern === 'string')) {
		throw new TypeError('maintenance: except must be a list of patterns such as /health');
	}
	return new PathTable(
		'maintenance: except',
		except.map((pattern) => [pattern, true]),
	);
}
