/** Which codings of requests are taken off, and how much may come out. */
import { type Coding, codings } from '../../coding/index.ts';
import { checkNames, checkObject, shown } from '../../names/index.ts';

export interface DecompressOptions {
	/** The most bytes that a decoded body may have. Default: 10,000,000. */
	readonly limit?: number;
	/** How many times larger than what came over the wire it may be, behind its first 64 KiB. Default: 100. */
	readonly ratio?: number;
	/** The most codings one over the other. Default: 2. */
	readonly chain?: number;
	/** Decoders at work in this process, of all such layers together; a body that finds no room is answered 503. Default: 100. */
	readonly atOnce?: number;
	/** The codings that are understood. Default: gzip, br, zstd, deflate. */
	readonly encodings?: readonly ('gzip' | 'br' | 'zstd' | 'deflate')[];
}

export interface Settings {
	readonly limit: number;
	readonly ratio: number;
	readonly chain: number;
	readonly atOnce: number;
	readonly encodings: ReadonlySet<Coding>;
	/** For Accept-Encoding in a refusal. */
	readonly accept: string;
}

const ALL: readonly Coding[] = ['gzip', 'br', 'zstd', 'deflate'];

/** Throws TypeError or RangeError for what cannot be meant, naming the option. */
export function settingsOf(options: DecompressOptions): Settings {
	checkObject('decompress', options, '{ limit: 1_000_000 }');
	checkNames('decompress: ', options, ['limit', 'ratio', 'chain', 'atOnce', 'encodings']);
	const { limit = 10_000_000, ratio = 100, chain = 2, atOnce = 100, encodings = ALL } = options;
	for (const [name, value, least] of [
		['limit', limit, 0],
		['chain', chain, 1],
		['atOnce', atOnce, 1],
	] as const) {
		if (!Number.isSafeInteger(value) || value < least) {
			throw new RangeError(`decompress: ${name} is ${shown(value)}, not a whole number from ${least}`);
		}
	}
	if (typeof ratio !== 'number' || !(ratio >= 1))
		throw new RangeError(`decompress: ratio is ${shown(ratio)}, not a number from 1`);
	const known: readonly string[] = codings.map(({ name }) => name);
	if (!Array.isArray(encodings) || encodings.length === 0 || !encodings.every((one) => known.includes(one))) {
		throw new TypeError(`decompress: encodings is ${shown(encodings)}, not a list of ${ALL.join(', ')}`);
	}
	if (atOnce < chain) throw new RangeError(`decompress: atOnce is ${atOnce}, less than chain, ${chain}`);
	return { limit, ratio, chain, atOnce, encodings: new Set(encodings), accept: encodings.join(', ') };
}
