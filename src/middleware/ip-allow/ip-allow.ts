/**
 * Who may come, by address: the one that `clientAddress` has found, else the other end of the connection. No field of the
 * request is looked at. Upgrades and CONNECT are requests like others. What is answered says nothing about the lists.
 */
import {
	type App,
	type Context,
	type Explanation,
	HttpError,
	type Layer,
	layer,
	type RawRequest,
	statusLine,
} from '../../convention/index.ts';
import { callerAddress } from '../caller.ts';
import { type IpAllowOptions, type Settings, settingsOf } from './options.ts';

export interface IpAllowStatistics {
	readonly passed: number;
	readonly refused: number;
	/** Ranges in the lists, those that touch counted as one. */
	readonly allow: number;
	readonly deny: number;
}

export interface IpAllow extends Layer {
	statistics(): IpAllowStatistics;
}

/** Middleware that answers 403 to whoever is not allowed, or denied. Throws TypeError with the option's name and the reason. */
export function ipAllow(options: IpAllowOptions): IpAllow {
	const settings = settingsOf(options);
	const counts = { passed: 0, refused: 0 };
	const explain = (_request: RawRequest, context: Context): Explanation => told(callerAddress(context), settings);
	const made = layer(
		{ name: 'ipAllow', explain },
		(next: App): App =>
			(request, context) => {
				if (verdict(callerAddress(context), settings) === null) {
					counts.passed++;
					return next(request, context, context);
				}
				counts.refused++;
				throw new HttpError(403);
			},
	);
	return Object.assign(made, {
		statistics: () => ({ ...counts, allow: settings.allow?.size ?? 0, deny: settings.deny?.size ?? 0 }),
	});
}

/** Why this address may not come, or null. Who has no address is in no list. */
function verdict(address: string, { allow, deny }: Settings): 'denied' | 'not allowed' | null {
	if (deny !== null && deny.has(address)) return 'denied';
	return allow !== null && !allow.has(address) ? 'not allowed' : null;
}

function told(address: string, settings: Settings): Explanation {
	const why = verdict(address, settings);
	const who = address === '' ? 'A client without an address' : address;
	if (why === null) return { does: [`${who} may come.`, 'Passes the request on as it is.'] };
	return { does: [`${who} is ${why}.`], answers: statusLine(403) };
}
