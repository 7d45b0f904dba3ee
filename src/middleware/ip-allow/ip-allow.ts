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
import { namedCaller } from '../caller.ts';
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
	const explain = (_request: RawRequest, context: Context): Explanation => told(namedCaller(context), settings);
	const judge = (next: App, request: Request, context: Context): Response | Promise<Response> => {
		if (verdict(namedCaller(context), settings) === null) {
			counts.passed++;
			return next(request, context, context);
		}
		counts.refused++;
		throw new HttpError(403);
	};
	const made = layer(
		{ name: 'ipAllow', explain },
		(next: App): App =>
			(request, context) => {
				const looks = look(settings);
				return looks === null ? judge(next, request, context) : looks.then(() => judge(next, request, context));
			},
	);
	return Object.assign(made, {
		statistics: () => ({ ...counts, allow: settings.allow?.value.size ?? 0, deny: settings.deny?.value.size ?? 0 }),
	});
}

/** Null when the files of both lists were looked at just now. */
function look({ allow, deny }: Settings): Promise<unknown> | null {
	const one = allow?.look() ?? null;
	const other = deny?.look() ?? null;
	return one !== null && other !== null ? Promise.all([one, other]) : (one ?? other);
}

/** Why this address may not come, or null. Who has no address is in no list; who is not named could be in any. */
function verdict(address: string | null, { allow, deny }: Settings): 'denied' | 'not allowed' | null {
	if (address === null) return 'not allowed';
	if (deny !== null && deny.value.has(address)) return 'denied';
	return allow !== null && !allow.value.has(address) ? 'not allowed' : null;
}

function told(address: string | null, settings: Settings): Explanation {
	const why = verdict(address, settings);
	const who = address === null ? 'A client that its proxy has not named' : address || 'A client without an address';
	if (why === null) return { does: [`${who} may come.`, 'Passes the request on as it is.'] };
	return { does: [`${who} is ${why}.`], answers: statusLine(403) };
}
