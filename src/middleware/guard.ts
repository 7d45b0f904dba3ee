/**
 * What the layers of authentication do alike: they find out who is asking, keep that under the key `identity`, take the
 * credentials off the request and let it in. A tunnel is guarded as a GET is: whoever is not let in is answered before the
 * app within could open one.
 */
import {
	type App,
	type Context,
	derive,
	type Explanation,
	type FieldNote,
	HttpError,
	type IncomingRequest,
	type Layer,
	type LayerNote,
	layer,
	type RawRequest,
	raw,
	statusLine,
} from '../convention/index.ts';
import { FieldList, tags } from '../fields/index.ts';
import type { GuardSettings, Role } from './guard-options.ts';
import { type Identity, identity } from './keys.ts';

/** The words of a role (RFC 9110 sections 11.6 and 11.7). */
export interface RoleWords {
	readonly status: 401 | 407;
	/** The field that credentials come in. */
	readonly credentials: string;
	readonly tag: number;
	/** The field that asks for them. */
	readonly challenge: string;
	readonly section: string;
}

export const roleWords: Readonly<Record<Role, RoleWords>> = {
	origin: {
		status: 401,
		credentials: 'Authorization',
		tag: tags.authorization,
		challenge: 'WWW-Authenticate',
		section: 'RFC 9110 section 11.6',
	},
	proxy: {
		status: 407,
		credentials: 'Proxy-Authorization',
		tag: tags['proxy-authorization'],
		challenge: 'Proxy-Authenticate',
		section: 'RFC 9110 section 11.7',
	},
};

/** A request that is let in; `identity` is null when nobody said who it is from. */
export interface Passage {
	readonly identity: Identity | null;
	readonly request: RawRequest;
}

export interface Guard {
	/** Throws, or rejects with, the HttpError that is the answer to whoever is not let in. */
	admit(request: IncomingRequest, context: Context): Passage | Promise<Passage>;
}

/** The layer of a guard. It proves `identity` unless it may let anonymous requests in. */
export function guardLayer(guard: Guard, note: LayerNote, optional: boolean): Layer<typeof identity> {
	const wrap =
		(next: App): App =>
		(request, context, execution) => {
			const passage = guard.admit(raw(request), context);
			if (!(passage instanceof Promise)) return enter(next, passage, context, execution);
			return passage.then((late) => enter(next, late, context, execution));
		};
	return layer(optional ? note : { ...note, proves: [identity] }, wrap);
}

function enter(
	next: App,
	passage: Passage,
	context: Context,
	execution: Context | undefined,
): Response | Promise<Response> {
	if (passage.identity !== null) context.set(identity, passage.identity);
	return next(passage.request, context, execution);
}

/**
 * What follows the scheme in the field of credentials; null when there is none, or one of another scheme. `scheme` in lower
 * case. Throws HttpError 400 when the field comes twice: another reader could take the other one.
 */
export function credentialsOf(request: RawRequest, words: RoleWords, scheme: string): string | null {
	const fields = FieldList.from(request.fields);
	const value = fields.getTagged(words.tag);
	if (value === null) return null;
	if (value.includes(',') && fields.all(words.credentials).length > 1) throw twice(words.credentials);
	const { length } = scheme;
	if (value.slice(0, length).toLowerCase() !== scheme) return null;
	if (value.length === length) return '';
	if (value.charCodeAt(length) !== SPACE) return null;
	let at = length + 1;
	while (value.charCodeAt(at) === SPACE) at++;
	return value.slice(at);
}

const SPACE = 0x20;

export function twice(what: string): HttpError {
	return new HttpError(400, { message: `This request has ${what} more than once.` });
}

/** The same request without the field of credentials. */
export function withoutCredentials(request: IncomingRequest, words: RoleWords): RawRequest {
	const fields = FieldList.from(request.fields).copy();
	fields.deleteTagged(words.tag);
	return derive(request, { fields });
}

/** 401 or 407 with its challenge, or with several, of which the client takes the one that it knows. */
export function unauthorized(words: RoleWords, challenge: string, message: string, ...more: string[]): HttpError {
	const fields = [challenge, ...more].flatMap((one) => [words.challenge, one]);
	return new HttpError(words.status, { message, fields });
}

/** What a layer looks for in a request, and what would come of it. */
export interface Search {
	readonly found: boolean;
	/** What is looked for, for the sentence that it is not there. */
	readonly what: string;
	/** What would be done with it: sentences. */
	readonly check: readonly string[];
	readonly challenge: string;
	/** The request without it, and the note of that; the same request where it stays. */
	readonly inward: RawRequest;
	readonly fields: readonly FieldNote[];
}

/** What `explain` says of a layer that looks for credentials. */
export function explained(settings: GuardSettings, search: Search): Explanation {
	const { challenge: name, section: source, status } = roleWords[settings.role];
	const asks: FieldNote = { what: 'adds', name, value: search.challenge, on: 'response', source };
	const answer = statusLine(status);
	if (search.found) {
		const taken =
			search.fields.length === 0 ? '' : `, and without ${search.fields.map((field) => field.name).join(', ')}`;
		return {
			does: [
				...search.check,
				`Answers ${answer} when they are not accepted.`,
				`Passes the request on, with the identity${taken}.`,
			],
			fields: [...search.fields, { ...asks, when: `with ${answer}` }],
			request: search.inward,
		};
	}
	const does = `The request has no ${search.what}.`;
	if (settings.optional) return { does: [does, 'Passes the request on, with no identity.'] };
	return { does: [does], fields: [asks], answers: answer };
}

/** The same for a layer that takes the field of credentials of its role. */
export function explainedField(
	request: RawRequest,
	settings: GuardSettings,
	scheme: string,
	search: Omit<Search, 'found' | 'inward' | 'fields'>,
	isThere?: () => boolean,
): Explanation {
	const words = roleWords[settings.role];
	const found = isThere?.() ?? credentialsOf(request, words, scheme) !== null;
	const stays = settings.pass || !found;
	return explained(settings, {
		...search,
		found,
		inward: stays ? request : withoutCredentials(raw(request), words),
		fields: stays ? [] : [removal(words.credentials, words.section)],
	});
}

/** Where a field that everybody knows is asked for. */
export const IN_USE = 'in use, specified nowhere';

/** The note of a field of credentials that does not go further in. */
export function removal(name: string, source: string = IN_USE): FieldNote {
	return { what: 'removes', name, on: 'request', source };
}

/**
 * For layers whose credentials no cache knows (RFC 9111 section 3.5 speaks of Authorization alone): a shared cache further
 * out would give one user's pages to the next, who was never asked.
 */
export function refusesCache(outer: readonly LayerNote[]): string | null {
	if (!outer.some(({ name }) => name === 'cache')) return null;
	return 'a cache stands around it, which would give what is meant for one user to the next: put the cache inside';
}
