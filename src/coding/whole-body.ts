/** Codings put on and taken off a body that is in memory: at once where it is small, on another thread where it is not. */

import { promisify } from 'node:util';
import * as zlib from 'node:zlib';
import { TooMuch } from './coder.ts';
import { type Coding, ZSTD_WINDOW_LOG } from './codings.ts';

/** Bytes up to which the work takes less than handing it over. */
const SMALL_DECODED = 16_384;
const SMALL_ENCODED = 16_384;

type Bytes = Uint8Array;
type Options = { readonly maxOutputLength?: number; readonly level?: number; readonly params?: Record<number, number> };
interface Pair {
	readonly now: (bytes: Bytes, options: Options) => Bytes;
	readonly later: (bytes: Bytes, options: Options) => Promise<Bytes>;
}

const { BROTLI_PARAM_QUALITY, BROTLI_PARAM_LGWIN, BROTLI_PARAM_SIZE_HINT } = zlib.constants;
const { ZSTD_c_compressionLevel, ZSTD_d_windowLogMax } = zlib.constants;

const pair = (now: unknown, later: unknown): Pair => ({
	now: now as Pair['now'],
	later: promisify(later as (bytes: Bytes, options: Options, done: () => void) => void) as unknown as Pair['later'],
});

const inflateRaw = pair(zlib.inflateRawSync, zlib.inflateRaw);

const decoders: Readonly<Record<Coding, Pair>> = {
	br: pair(zlib.brotliDecompressSync, zlib.brotliDecompress),
	zstd: pair(zlib.zstdDecompressSync, zlib.zstdDecompress),
	gzip: pair(zlib.gunzipSync, zlib.gunzip),
	deflate: pair(zlib.inflateSync, zlib.inflate),
};

/** With the levels of `codings`; the whole length is known here, and brotli makes use of it. */
const encoders: Readonly<Record<Coding, Pair & { readonly options: (length: number, level?: number) => Options }>> = {
	br: {
		...pair(zlib.brotliCompressSync, zlib.brotliCompress),
		options: (length, level = 4) => ({
			params: { [BROTLI_PARAM_QUALITY]: level, [BROTLI_PARAM_LGWIN]: 19, [BROTLI_PARAM_SIZE_HINT]: length },
		}),
	},
	zstd: {
		...pair(zlib.zstdCompressSync, zlib.zstdCompress),
		options: (_, level = 3) => ({ params: { [ZSTD_c_compressionLevel]: level } }),
	},
	gzip: { ...pair(zlib.gzipSync, zlib.gzip), options: (_, level = 5) => ({ level }) },
	deflate: { ...pair(zlib.deflateSync, zlib.deflate), options: (_, level = 5) => ({ level }) },
};

/** Throws or rejects with TooMuch past `limit` bytes, and with zlib's error for what is not in this coding, or cut short. */
export function decoded(coding: Coding, bytes: Bytes, limit: number): Bytes | Promise<Bytes> {
	const bare = coding === 'deflate' && ((bytes[0] ?? 0) & 0x0f) !== 8;
	const { now, later } = bare ? inflateRaw : decoders[coding];
	const window = { params: { [ZSTD_d_windowLogMax]: ZSTD_WINDOW_LOG } };
	const options = { maxOutputLength: limit, ...(coding === 'zstd' && window) };
	if (bytes.length > SMALL_DECODED) return later(bytes, options).catch((error: unknown) => refuse(error, limit));
	try {
		return now(bytes, options);
	} catch (error) {
		return refuse(error, limit);
	}
}

export function encoded(coding: Coding, bytes: Bytes): Bytes | Promise<Bytes> {
	const { now, later, options } = encoders[coding];
	return bytes.length > SMALL_ENCODED ? later(bytes, options(bytes.length)) : now(bytes, options(bytes.length));
}

/** On this thread, whatever its size: for bodies so small that handing them over takes longer. */
export function encodedNow(coding: Coding, bytes: Bytes, level?: number): Bytes {
	const { now, options } = encoders[coding];
	return now(bytes, options(bytes.length, level));
}

function refuse(error: unknown, limit: number): never {
	if ((error as { code?: unknown }).code !== 'ERR_BUFFER_TOO_LARGE') throw error;
	throw new TooMuch(`The decoded body is larger than ${limit} bytes`);
}
