/**
 * Sessions: what a browser's requests have in common, kept in its cookie, encrypted, or in a store. It is read when an app
 * asks for it and kept when the app has answered, before the head goes out.
 */
import {
	type App,
	type Explanation,
	type Layer,
	type LayerNote,
	layer,
	type Misfit,
	type RawRequest,
	raw,
	type Served,
	whenAnswered,
} from '../../convention/index.ts';
import { cookieValue } from '../../fields/index.ts';
import { session } from '../keys.ts';
import { Seal } from '../seal.ts';
import type { SessionsNote } from '../sessions-note.ts';
import { CookieKeeper } from './cookie-keeper.ts';
import type { Keeper, SessionCounts } from './keeper.ts';
import { Lifetime } from './lifetime.ts';
import { LiveSession } from './live-session.ts';
import { type SessionsOptions, type SessionsSettings, settingsOf } from './options.ts';
import { SessionCookie } from './session-cookie.ts';
import { StoreKeeper } from './store-keeper.ts';

export interface Sessions extends Layer<typeof session> {
	/** Opens the store, where it opens anything. */
	start(): Promise<void>;
	/** Rejects when the store could not be opened. */
	check(): Promise<void>;
	close(): Promise<void>;
	statistics(): Readonly<SessionCounts> & { readonly store?: object };
}

/**
 * A layer that gives the app within a session: `context.get(session)`. Throws TypeError or RangeError with the option's
 * name and the reason.
 */
export function sessions(options: SessionsOptions): Sessions {
	const settings = settingsOf(options);
	const { store } = settings;
	const counts: SessionCounts = { read: 0, refused: 0, written: 0, destroyed: 0, dropped: 0 };
	const keeper = keeperOf(settings, counts);
	const wrap =
		(next: App): App =>
		(request, context) => {
			const live = new LiveSession(keeper, raw(request));
			context.set(session, live);
			return whenAnswered(next, request, context, live);
		};
	const explain = (request: RawRequest): Explanation => explanation(settings, request);
	const { name, attributes } = settings.cookie;
	const { sameSite = 'Lax' } = attributes;
	const refuses = (outer: readonly LayerNote[]): string | null => sameCookie(name, outer);
	const misfit = (served: Served): Misfit | null => (store?.shared === false ? notShared(served) : null);
	const note: SessionsNote = { name: 'sessions', proves: [session], refuses, misfit, explain, sameSite };
	cookies.set(note, name);
	return Object.assign(layer<typeof session>(note, wrap), {
		start: async () => {
			await store?.start?.();
		},
		check: async () => {
			await store?.check?.();
		},
		close: async () => {
			await store?.close?.();
		},
		statistics: () => ({ ...counts, ...(store?.statistics && { store: store.statistics() }) }),
	});
}

/** The cookies' names, for layers that stand within each other. */
const cookies: WeakMap<LayerNote, string> = new WeakMap();

function sameCookie(name: string, outer: readonly LayerNote[]): string | null {
	if (!outer.some((note) => cookies.get(note) === name)) return null;
	return `other sessions around it have the cookie ${name}, too, and each would end those of the other: leave one out, or give one another cookie.name`;
}

function notShared({ workers }: Served): Misfit | null {
	if (workers === 1) return null;
	const message = `the store is in the memory of one process, and ${workers} answer: a login would be known to one of them, and be lost with the others. Take sqliteSessions(path) or redisSessions(client), keep sessions in their cookies (no store), or set workers to 1`;
	return { level: 'fault', message };
}

function keeperOf(settings: SessionsSettings, counts: SessionCounts): Keeper {
	const { secrets, store, idle, absolute } = settings;
	const cookie = new SessionCookie(settings.cookie);
	const lifetime = new Lifetime(idle, absolute);
	if (store === null) return new CookieKeeper(cookie, lifetime, new Seal(secrets, 'session'), counts);
	return new StoreKeeper(store, cookie, lifetime, secrets.length === 0 ? null : new Seal(secrets, 'session'), counts);
}

function explanation({ cookie, store }: SessionsSettings, request: RawRequest): Explanation {
	const brings = cookieValue(request.fields, cookie.name) !== null;
	const where = store === null ? 'encrypted in the cookie' : 'in a store, found by the id in the cookie';
	return {
		does: [
			`Offers a session, kept ${where} ${cookie.name}.`,
			brings ? 'Reads the one that the request brings, if the app asks for it.' : 'The request brings no session.',
			'Sets the cookie when the session has changed, and keeps answers made from one out of shared caches.',
			'Passes the request on, with the session.',
		],
		fields: [
			{
				what: 'adds',
				name: 'Set-Cookie',
				on: 'response',
				when: 'when it has changed',
				source: 'RFC 6265bis section 4.1',
			},
			{
				what: 'sets',
				name: 'Cache-Control',
				on: 'response',
				when: 'when it is used',
				source: 'RFC 9111 section 5.2.2',
			},
			{
				what: 'adds',
				name: 'Vary',
				value: 'Cookie',
				on: 'response',
				when: 'when it is used',
				source: 'RFC 9110 section 12.5.5',
			},
		],
	};
}
