/** What is compressed, with what, and how hard it tries. */
import { type Coding, codings, named, rowOf } from '../../coding/index.ts';
import { checkNames, checkObject, shown } from '../../names/index.ts';
import { isText, typesOf } from './types.ts';

/** A content coding (RFC 9110 section 8.4.1, RFC 7932, RFC 8878). */
export type ContentCoding = 'br' | 'zstd' | 'gzip' | 'deflate';

export interface CompressOptions {
	/** The codings that clients may have, the best liked first where they do not care. Default: br, zstd, gzip. */
	readonly encodings?: readonly ContentCoding[];
	/** Bytes below which an answer of known length stays as it is. Default: 1,024. */
	readonly threshold?: number;
	/** Media types that are compressed: `text/html`, `text/*`, `*+json`; or a function of the type. Default: text, and what is text inside. */
	readonly types?: readonly string[] | ((type: string) => boolean);
	/** How hard each coding tries. Default: br 4 (of 0 to 11), zstd 3 (1 to 19), gzip and deflate 5 (1 to 9). */
	readonly level?: Readonly<Partial<Record<ContentCoding, number>>>;
	/**
	 * Whether answers with Set-Cookie are compressed. Their length would tell secrets in them to whoever can put words into the
	 * page and watch the wire (BREACH). Default: false.
	 */
	readonly cookies?: boolean;
	/** Answers that are compressed at the same time while they flow; more go out as they are. Each holds up to 2 MB. Default: 128. */
	readonly concurrency?: number;
}

export interface Settings {
	readonly encodings: readonly Coding[];
	readonly threshold: number;
	readonly types: (type: string) => boolean;
	readonly level: Readonly<Partial<Record<Coding, number>>>;
	readonly cookies: boolean;
	readonly concurrency: number;
}

const NAMES = ['encodings', 'threshold', 'types', 'level', 'cookies', 'concurrency'];
const ALL: readonly string[] = codings.map(({ name }) => name);
const USUAL: readonly Coding[] = codings.filter(({ offered }) => offered).map(({ name }) => name);

/** Throws TypeError or RangeError for what cannot be meant, naming the option. */
export function settingsOf(options: CompressOptions): Settings {
	checkObject('compress', options, '{ threshold: 1024 }');
	checkNames('compress: ', options, NAMES);
	const {
		encodings = USUAL,
		threshold = 1_024,
		types = isText,
		level = {},
		cookies = false,
		concurrency = 128,
	} = options;
	if (!Array.isArray(encodings) || encodings.length === 0 || !encodings.every((one) => ALL.includes(one))) {
		throw new TypeError(`compress: encodings is ${shown(encodings)}, not a list of ${ALL.join(', ')}`);
	}
	if (!Number.isSafeInteger(threshold) || threshold < 0) {
		throw new RangeError(`compress: threshold is ${shown(threshold)}, not a number of bytes`);
	}
	if (!Number.isSafeInteger(concurrency) || concurrency < 1) {
		throw new RangeError(`compress: concurrency is ${shown(concurrency)}, not a number from 1`);
	}
	if (typeof cookies !== 'boolean') throw new TypeError(`compress: cookies is ${shown(cookies)}, not true or false`);
	checkLevels(level);
	return { encodings, threshold, types: typesOf(types), level, cookies, concurrency };
}

function checkLevels(level: unknown): void {
	if (typeof level !== 'object' || level === null)
		throw new TypeError(`compress: level is ${shown(level)}, not levels by coding`);
	checkNames('compress: level.', level, ALL);
	for (const [name, value] of Object.entries(level)) {
		const { least, most } = rowOf(named(name) as Coding).levels;
		if (!Number.isInteger(value) || value < least || value > most) {
			throw new RangeError(`compress: level.${name} is ${shown(value)}, not a whole number from ${least} to ${most}`);
		}
	}
}
