/**
 * Authentication by keys that programs bring. What is stored is a digest of each; a key is found by its id, and compared
 * in constant time. Whoever asks with a key that nobody has costs us what one costs that somebody has.
 */
import type { Context, Explanation, IncomingRequest, Layer, RawRequest } from '../../convention/index.ts';
import { raw } from '../../convention/index.ts';
import { ReloadedFile } from '../../reloaded/index.ts';
import {
	explained,
	type Guard,
	guardLayer,
	IN_USE,
	type Passage,
	type RoleWords,
	refusesCache,
	removal,
	roleWords,
	unauthorized,
} from '../guard.ts';
import type { Identity, identity } from '../keys.ts';
import { findKey, withoutKey } from './location.ts';
import {
	type ApiKeyOptions,
	type ApiKeySettings,
	apiKeySettings,
	type Location,
	type VerifiedKey,
	type VerifyKey,
} from './options.ts';

export interface ApiKeyLayer {
	statistics(): { readonly accepted: number; readonly refused: number };
}

/**
 * Lets in whoever brings a key that is known. Throws TypeError with the option's name and the reason, for a file with its
 * line, and the system's error when the file cannot be read.
 */
export function apiKey(options: ApiKeyOptions & { readonly optional?: false }): Layer<typeof identity> & ApiKeyLayer;
export function apiKey(options: ApiKeyOptions): Layer & ApiKeyLayer;
export function apiKey(options: ApiKeyOptions): (Layer<typeof identity> | Layer) & ApiKeyLayer {
	const settings = apiKeySettings(options);
	const guard = new KeyGuard(settings);
	const note = { name: 'apiKey', refuses: refusesCache, explain: (request: RawRequest) => guard.explain(request) };
	return Object.assign(guardLayer(guard, note, settings.optional), {
		statistics: () => ({ accepted: guard.accepted, refused: guard.refused }),
	});
}

class KeyGuard implements Guard {
	accepted = 0;
	refused = 0;
	private readonly settings: ApiKeySettings;
	private readonly words: RoleWords;
	private readonly challenge: string;
	/** Challenges of other schemes. */
	private readonly others: readonly string[];

	constructor(settings: ApiKeySettings) {
		this.settings = settings;
		this.words = roleWords[settings.role];
		// RFC 9110 section 11.6.1: 401 never comes without a challenge, wherever the key is looked for.
		this.challenge = `${settings.scheme} realm=${settings.realm}`;
		const { location } = settings;
		const asUserName = location.kind === 'credentials' && location.asUserName;
		this.others = asUserName ? [`Basic realm=${settings.realm}`] : [];
	}

	admit(request: IncomingRequest, context: Context): Passage | Promise<Passage> {
		const key = findKey(request, this.settings.location, this.words);
		if (key === null) {
			if (this.settings.optional) return { identity: null, request };
			throw unauthorized(this.words, this.challenge, 'A key is needed here.', ...this.others);
		}
		const { keys } = this.settings;
		if (typeof keys === 'function') return this.ask(keys, key, request, context);
		if (!(keys instanceof ReloadedFile)) return this.settle(keys.find(key), request);
		const look = keys.look();
		if (look === null) return this.settle(keys.value.find(key), request);
		return look.then(() => this.settle(keys.value.find(key), request));
	}

	private async ask(verify: VerifyKey, key: string, request: IncomingRequest, context: Context): Promise<Passage> {
		const found: VerifiedKey | null | undefined = await verify(key, context);
		// A function that returns anything else has forgotten somebody.
		if (typeof found?.name !== 'string' || found.name === '') return this.settle(null, request);
		const claims = Object.assign(Object.create(null), found.claims) as Record<string, unknown>;
		return this.settle({ name: found.name, claims }, request);
	}

	private settle(found: Omit<Identity, 'by'> | null, request: IncomingRequest): Passage {
		if (found === null) {
			this.refused++;
			throw unauthorized(this.words, this.challenge, 'This key was not accepted.', ...this.others);
		}
		this.accepted++;
		const { location, pass } = this.settings;
		return {
			identity: { name: found.name, by: 'api-key', claims: found.claims },
			request: pass ? request : withoutKey(request, location, this.words),
		};
	}

	explain(request: RawRequest): Explanation {
		const { settings, words, challenge } = this;
		const { location, pass } = settings;
		const found = findKey(request, location, words) !== null;
		const stays = pass || !found;
		return explained(settings, {
			found,
			what: `key in ${placeOf(location, words)}`,
			check: [`Looks for the key of ${placeOf(location, words)} among those that are known.`],
			challenge,
			inward: stays ? request : withoutKey(raw(request), location, words),
			fields: stays || location.kind === 'query' ? [] : [removal(fieldOf(location, words), sourceOf(location, words))],
		});
	}
}

function fieldOf(location: Location, words: RoleWords): string {
	if (location.kind === 'credentials') return words.credentials;
	return location.kind === 'field' ? location.name : 'Cookie';
}

function sourceOf(location: Location, words: RoleWords): string {
	if (location.kind === 'credentials') return words.section;
	return location.kind === 'cookie' ? 'RFC 6265 section 4.2' : IN_USE;
}

function placeOf(location: Location, words: RoleWords): string {
	if (location.kind === 'cookie' || location.kind === 'query') return `the ${location.kind} ${location.name}`;
	return `the field ${fieldOf(location, words)}`;
}
