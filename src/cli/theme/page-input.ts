/** The page that a command is about: a file, or standard input. */
import { readFile } from 'node:fs/promises';
import { StartError } from '../../serve/index.ts';
import type { Facts } from '../../theme/page/index.ts';
import { requireFile } from './load-failure.ts';

/** The bytes of a file, of standard input for `-`. Rejects with StartError. */
export async function readPage(path: string): Promise<Uint8Array> {
	if (path !== '-') {
		await requireFile(path, path);
		return readFile(path);
	}
	const pieces: Uint8Array[] = [];
	for await (const piece of process.stdin) pieces.push(piece as Uint8Array);
	return Buffer.concat(pieces);
}

/** The text of a page: by its byte order mark, by `type` or what it says itself, else UTF-8 or windows-1252. Rejects with StartError. */
export async function decodePage(bytes: Uint8Array, shown: string, type = ''): Promise<string> {
	const { PageDecoder, RefusedCharset } = await import('../../theme/http/charset/index.ts');
	try {
		return new PageDecoder(type, null).whole(bytes);
	} catch (error) {
		if (!(error instanceof RefusedCharset)) throw error;
		throw new StartError(`${shown}: ${error.message}`, 'Save it as UTF-8.', error);
	}
}

/** What is known of a request that nobody sent. */
export function factsFor(path: string | undefined, url: URL | null = null): Facts {
	return {
		path: path ?? decoded(url?.pathname ?? '/'),
		query: url?.search.slice(1) ?? '',
		host: url?.host ?? 'localhost',
		scheme: url?.protocol.slice(0, -1) ?? 'http',
		parameters: {},
		header: () => null,
	};
}

function decoded(path: string): string {
	try {
		return decodeURI(path);
	} catch {
		return path;
	}
}

/** Why a page could not be made, as the command line says it; anything unforeseen stays as it is. */
export function pageFailure(error: unknown, shown: string): unknown {
	if (!(error instanceof Error)) return error;
	if (error.name === 'XPathError') {
		const hint = 'A parameter that the rules do not give a value gets one with --param NAME=VALUE.';
		return new StartError(`${shown}: ${error.message}`, /variable|\$/.test(error.message) ? hint : null, error);
	}
	if (!('limit' in error)) return error;
	return new StartError(`${shown}: ${error.message}`, 'A server passes such a page through as it is.', error);
}
