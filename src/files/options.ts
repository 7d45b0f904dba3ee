/** How a directory is served. */
import type { App } from '../convention/index.ts';
import { checkNames, shown } from '../names/index.ts';

/** Content codings that a file may stand ready in, beside itself: `app.js` as `app.js.br`, `app.js.zst`, `app.js.gz`. */
export type Precompressed = 'br' | 'zstd' | 'gzip';

export interface FilesOptions {
	/** What is shown for a directory: the first of these names that is there. Default: `['index.html']`. */
	readonly index?: readonly string[];
	/** Whether a directory without any of these is shown as a list of its files. Default: false, which is 404. */
	readonly listing?: boolean;
	/** Names that begin with a dot: as if they were not there, but for `.well-known`, or like any other. Default: 'hide'. */
	readonly dotFiles?: 'hide' | 'show';
	/** Symbolic links: followed to what lies within the directory, never, or wherever they lead. Default: 'within'. */
	readonly links?: 'within' | 'refuse' | 'follow';
	/** Variants that are sent in place of a file to clients that take them, the best liked first. Default: all three. */
	readonly precompressed?: readonly Precompressed[];
	/** Content-Type by extension, in lower case without the dot; before the types everybody knows. */
	readonly types?: Readonly<Record<string, string>>;
	/** Cache-Control; of each path (decoded, with slashes) if it is a function. Default: none, and clients ask again. */
	readonly cacheControl?: string | ((path: string) => string | null);
	/** Asked for what is not there, GET and HEAD alone. Default: 404. */
	readonly otherwise?: App;
}

/** With nothing left out. */
export interface Settings {
	readonly index: readonly string[];
	readonly listing: boolean;
	readonly dotFiles: 'hide' | 'show';
	readonly links: 'within' | 'refuse' | 'follow';
	readonly precompressed: readonly Precompressed[];
	readonly types: Readonly<Record<string, string>>;
	readonly cacheControl: (path: string) => string | null;
	readonly otherwise: App | null;
}

const CODINGS: readonly string[] = ['br', 'zstd', 'gzip'];
const SWITCHES = { dotFiles: ['hide', 'show'], links: ['within', 'refuse', 'follow'] } as const;

const NAMES: Readonly<Record<keyof FilesOptions, true>> = {
	index: true,
	listing: true,
	dotFiles: true,
	links: true,
	precompressed: true,
	types: true,
	cacheControl: true,
	otherwise: true,
};

/** Throws TypeError for what cannot be meant, naming the option. */
export function settingsOf(options: FilesOptions): Settings {
	checkNames('files: ', options, Object.keys(NAMES));
	const { index = ['index.html'], listing = false, precompressed = ['br', 'zstd', 'gzip'], types = {} } = options;
	const { dotFiles = 'hide', links = 'within', cacheControl, otherwise = null } = options;
	if (!Array.isArray(index) || !index.every(isName)) throw wrong('index', 'a list of names without slashes', index);
	if (typeof listing !== 'boolean') throw wrong('listing', 'true or false', listing);
	for (const [name, given] of Object.entries({ dotFiles, links })) {
		const words: readonly string[] = SWITCHES[name as keyof typeof SWITCHES];
		if (!words.includes(given)) throw wrong(name, words.map((word) => `'${word}'`).join(' or '), given);
	}
	if (!Array.isArray(precompressed) || !precompressed.every((one) => CODINGS.includes(one)))
		throw wrong('precompressed', `a list of ${CODINGS.join(', ')}`, precompressed);
	for (const [extension, type] of Object.entries(types)) {
		if (extension.startsWith('.')) throw wrong('types', 'extensions without the dot', extension);
		if (!TYPE.test(type)) throw wrong('types', 'types such as text/plain', type);
	}
	if (otherwise !== null && typeof otherwise !== 'function') throw wrong('otherwise', 'an app', otherwise);
	const control = cacheControlOf(cacheControl);
	return { index, listing, dotFiles, links, precompressed, types, cacheControl: control, otherwise };
}

const TYPE = /^[\w!#$&^.+-]+\/[\w!#$&^.+-]+(?:;[\t\x20-\x7e]*)?$/;
const FIELD_VALUE = /^[\t\x20-\x7e]*$/;

function cacheControlOf(given: FilesOptions['cacheControl']): Settings['cacheControl'] {
	if (given === undefined) return () => null;
	if (typeof given === 'function') return given;
	if (typeof given !== 'string' || !FIELD_VALUE.test(given))
		throw wrong('cacheControl', 'a field value or a function', given);
	return () => given;
}

const isName = (name: unknown): boolean => typeof name === 'string' && name !== '' && !/[/\\\0]/.test(name);

function wrong(option: string, wanted: string, given: unknown): TypeError {
	return new TypeError(`files: ${option} must be ${wanted}, not ${shown(given)}`);
}
