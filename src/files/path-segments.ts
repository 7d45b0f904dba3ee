/**
 * From a request target to names of files. The path is taken apart first and each segment decoded once, so that nothing
 * that was encoded can become a separator; names that would mean something else than themselves to the system are no
 * names. No path is put right: what a client should have resolved (`..`) or joined (`//`) names nothing here, since two
 * spellings of one file are one too many for whoever guards it.
 */

/** A path in names. */
export interface PathSegments {
	readonly names: readonly string[];
	/** It ends in a slash: a directory is meant. */
	readonly directory: boolean;
}

/** `target`: in origin-form or absolute-form. Null when it cannot name a file. */
export function pathSegments(target: string): PathSegments | null {
	const path = pathOf(target);
	if (!path.startsWith('/')) return null;
	const parts = path.slice(1).split('/');
	const directory = parts[parts.length - 1] === '';
	if (directory) parts.pop();
	const names: string[] = [];
	for (const part of parts) {
		const name = decoded(part);
		if (name === null || !isName(name)) return null;
		names.push(name);
	}
	return { names, directory };
}

/** The query of a target with its question mark, or ''. */
export function queryOf(target: string): string {
	const at = target.indexOf('?');
	return at === -1 ? '' : target.slice(at);
}

function pathOf(target: string): string {
	const path = target.startsWith('/') ? target : target.replace(/^[a-z][a-z\d+.-]*:\/\/[^/?]*/i, '');
	const query = path.indexOf('?');
	const plain = query === -1 ? path : path.slice(0, query);
	return plain === '' ? '/' : plain;
}

function decoded(part: string): string | null {
	if (!/[%\x80-\xff]/.test(part)) return part;
	try {
		// A raw byte above ASCII is what the client should have encoded.
		return decodeURIComponent(part.replace(/[\x80-\xff]/g, (byte) => `%${byte.charCodeAt(0).toString(16)}`));
	} catch {
		return null;
	}
}

const WINDOWS = process.platform === 'win32';

function isName(name: string): boolean {
	if (name === '' || name === '.' || name === '..' || /[/\\\0]/.test(name)) return false;
	// Drives, streams of a file, and names that end in what the system drops.
	return !WINDOWS || !/[:*?"<>|]|[. ]$/.test(name);
}
