/** The table of content codings (RFC 9110 section 8.4.1, RFC 7932, RFC 8878): what takes each off and puts it on. */

import type { Transform } from 'node:stream';
import {
	constants,
	createBrotliCompress,
	createBrotliDecompress,
	createDeflate,
	createGunzip,
	createGzip,
	createInflate,
	createInflateRaw,
	createZstdCompress,
	createZstdDecompress,
} from 'node:zlib';

export type Coding = 'br' | 'zstd' | 'gzip' | 'deflate';

/** A stream of node:zlib. */
export type Zlib = Transform & { flush(kind: number, done: () => void): void };

export interface CodingRow {
	readonly name: Coding;
	/** Other names on the wire. */
	readonly aliases: readonly string[];
	/** Whether it is chosen for a client that leaves the choice to us. */
	readonly offered: boolean;
	/** `first`: the first byte of the body. */
	readonly decoder: (first: number) => Zlib;
	/** `level`: how hard it tries; each coding counts in its own way. */
	readonly encoder: (level?: number) => Zlib;
	/** The levels there are, and what is usual for pages made on the spot. */
	readonly levels: { readonly least: number; readonly most: number; readonly usual: number };
	/** What makes all that was written readable for the other end. */
	readonly flush: number;
}

const { Z_SYNC_FLUSH, BROTLI_OPERATION_FLUSH, BROTLI_PARAM_QUALITY, BROTLI_PARAM_LGWIN } = constants;
const { ZSTD_e_flush, ZSTD_c_compressionLevel, ZSTD_d_windowLogMax } = constants;

/** Windows of zstd have at most 8 MB (RFC 9659 section 3): a sender that asks for more asks for our memory. */
export const ZSTD_WINDOW_LOG = 23;

/** The first offered is preferred: smallest at little cost first. Levels are those usual for pages made on the spot. */
export const codings: readonly CodingRow[] = [
	{
		name: 'br',
		aliases: [],
		offered: true,
		decoder: () => createBrotliDecompress() as Zlib,
		encoder: (level = 4) =>
			createBrotliCompress({ params: { [BROTLI_PARAM_QUALITY]: level, [BROTLI_PARAM_LGWIN]: 19 } }) as Zlib,
		levels: { least: 0, most: 11, usual: 4 },
		flush: BROTLI_OPERATION_FLUSH,
	},
	{
		name: 'zstd',
		aliases: [],
		offered: true,
		decoder: () => createZstdDecompress({ params: { [ZSTD_d_windowLogMax]: ZSTD_WINDOW_LOG } }) as Zlib,
		encoder: (level = 3) => createZstdCompress({ params: { [ZSTD_c_compressionLevel]: level } }) as Zlib,
		// From 20 on windows are larger than RFC 9659 lets them be.
		levels: { least: 1, most: 19, usual: 3 },
		flush: ZSTD_e_flush,
	},
	{
		name: 'gzip',
		aliases: ['x-gzip'],
		offered: true,
		decoder: () => createGunzip() as Zlib,
		encoder: (level = 5) => createGzip({ level }) as Zlib,
		levels: { least: 1, most: 9, usual: 5 },
		flush: Z_SYNC_FLUSH,
	},
	{
		name: 'deflate',
		aliases: [],
		offered: false,
		// The wrapper that RFC 9110 section 8.4.1.2 asks for was often left out: compression method 8 is its first byte's half.
		decoder: (first) => ((first & 0x0f) === 8 ? createInflate() : createInflateRaw()) as Zlib,
		encoder: (level = 5) => createDeflate({ level }) as Zlib,
		levels: { least: 1, most: 9, usual: 5 },
		flush: Z_SYNC_FLUSH,
	},
];

const byName = new Map(codings.flatMap((row) => [row.name, ...row.aliases].map((name) => [name, row] as const)));

/** The coding of that name in lower case, or null. */
export function named(name: string): Coding | null {
	return byName.get(name)?.name ?? null;
}

/** Its row. */
export function rowOf(coding: Coding): CodingRow {
	return byName.get(coding) as CodingRow;
}
