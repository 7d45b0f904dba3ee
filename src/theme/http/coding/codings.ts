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
	readonly encoder: () => Zlib;
	/** What makes all that was written readable for the other end. */
	readonly flush: number;
}

const { Z_SYNC_FLUSH, BROTLI_OPERATION_FLUSH, BROTLI_PARAM_QUALITY, BROTLI_PARAM_LGWIN } = constants;
const { ZSTD_e_flush, ZSTD_c_compressionLevel } = constants;

/** The first offered is preferred: smallest at little cost first. Levels are those usual for pages made on the spot. */
export const codings: readonly CodingRow[] = [
	{
		name: 'br',
		aliases: [],
		offered: true,
		decoder: () => createBrotliDecompress() as Zlib,
		encoder: () => createBrotliCompress({ params: { [BROTLI_PARAM_QUALITY]: 4, [BROTLI_PARAM_LGWIN]: 19 } }) as Zlib,
		flush: BROTLI_OPERATION_FLUSH,
	},
	{
		name: 'zstd',
		aliases: [],
		offered: true,
		decoder: () => createZstdDecompress() as Zlib,
		encoder: () => createZstdCompress({ params: { [ZSTD_c_compressionLevel]: 3 } }) as Zlib,
		flush: ZSTD_e_flush,
	},
	{
		name: 'gzip',
		aliases: ['x-gzip'],
		offered: true,
		decoder: () => createGunzip() as Zlib,
		encoder: () => createGzip({ level: 5 }) as Zlib,
		flush: Z_SYNC_FLUSH,
	},
	{
		name: 'deflate',
		aliases: [],
		offered: false,
		// The wrapper that RFC 9110 section 8.4.1.2 asks for was often left out: compression method 8 is its first byte's half.
		decoder: (first) => ((first & 0x0f) === 8 ? createInflate() : createInflateRaw()) as Zlib,
		encoder: () => createDeflate({ level: 5 }) as Zlib,
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
