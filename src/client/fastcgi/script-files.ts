/**
 * What is a file below the root. Asked of the system at once and not by its thread pool, as servers do that serve files:
 * it is told from memory nearly always. What is there is believed to be for a second; should a script be gone, the
 * application says so. That something is not there is never remembered.
 */
import { statSync } from 'node:fs';
import type { FileKind } from './script.ts';

const BELIEVED = 1_000;
const REMEMBERED = 1_024;

/** `root` is a path in the system's own encoding, UTF-8; those asked for are byte strings. */
export function scriptFiles(root: string): FileKind {
	const seen = new Map<string, { readonly kind: 'file' | 'folder'; readonly until: number }>();
	return (path) => {
		const now = performance.now();
		const known = seen.get(path);
		if (known !== undefined && now < known.until) return known.kind;
		const kind = kindOf(root, path);
		if (kind === null) {
			seen.delete(path);
		} else {
			if (seen.size >= REMEMBERED) seen.clear();
			seen.set(path, { kind, until: now + BELIEVED });
		}
		return kind;
	};
}

function kindOf(root: string, path: string): ReturnType<FileKind> {
	try {
		const stats = statSync(Buffer.concat([Buffer.from(root), Buffer.from(path, 'latin1')]), { throwIfNoEntry: false });
		if (stats === undefined) return null;
		if (stats.isFile()) return 'file';
		return stats.isDirectory() ? 'folder' : null;
	} catch {
		// ENOTDIR, ENAMETOOLONG, EACCES, ELOOP: there is nothing that we could have run.
		return null;
	}
}
