/**
 * Opens what a path names, and nothing else: by the real path, so that links are judged before they are followed, and
 * in a way that waits for nothing (a FIFO without a writer would hold a thread of the pool for ever).
 */
import { type BigIntStats, close, constants, fstat, open } from 'node:fs';
import { lstat, realpath } from 'node:fs/promises';
import { join, sep } from 'node:path';
import { promisify } from 'node:util';
import { HttpError } from '../convention/index.ts';
import type { Settings } from './options.ts';

export interface OpenFile {
	readonly kind: 'file';
	/** Its descriptor. A FileHandle would close itself when nobody knows it any more, while its number is being read from. */
	readonly descriptor: number;
	readonly stat: BigIntStats;
}

export interface Directory {
	readonly kind: 'directory';
	/** Its real path. */
	readonly path: string;
}

const FLAGS = constants.O_RDONLY | (constants.O_NONBLOCK ?? 0) | (constants.O_NOFOLLOW ?? 0);
/** There is no such file, for whatever reason. */
const ABSENT: readonly string[] = ['ENOENT', 'ENOTDIR', 'ELOOP', 'ENAMETOOLONG', 'EINVAL'];
const FORBIDDEN: readonly string[] = ['EACCES', 'EPERM'];
const EXHAUSTED: readonly string[] = ['EMFILE', 'ENFILE'];

/**
 * What `names` lead to from `root`, a real path. Null when there is nothing to be seen. A file is open, and for the
 * caller to close. Throws HttpError: 403 where the system forbids it, 503 when it has no more files to give.
 */
export async function openFile(
	root: string,
	names: readonly string[],
	settings: Settings,
): Promise<OpenFile | Directory | null> {
	if (settings.dotFiles === 'hide' && names.some(isHidden)) return null;
	try {
		if (settings.links === 'refuse' && (await passesLink(root, names))) return null;
		const path = await realpath(join(root, ...names));
		if (settings.links !== 'follow' && path !== root && !path.startsWith(root.endsWith(sep) ? root : root + sep)) {
			return null;
		}
		return await opened(path);
	} catch (error) {
		return refusal(error);
	}
}

const openDescriptor = promisify(open);
const statDescriptor: (descriptor: number, options: { bigint: true }) => Promise<BigIntStats> = promisify(fstat);

/** Nothing was written, so nothing can be lost: an error on closing has no one to go to. */
export function closeFile({ descriptor }: OpenFile): void {
	close(descriptor, () => {});
}

async function opened(path: string): Promise<OpenFile | Directory | null> {
	const descriptor = await openDescriptor(path, FLAGS);
	let kept = false;
	try {
		const stat = await statDescriptor(descriptor, { bigint: true });
		kept = stat.isFile();
		if (kept) return { kind: 'file', descriptor, stat };
		return stat.isDirectory() ? { kind: 'directory', path } : null;
	} finally {
		if (!kept) close(descriptor, () => {});
	}
}

function isHidden(name: string, index: number): boolean {
	return name.startsWith('.') && !(index === 0 && name === '.well-known');
}

async function passesLink(root: string, names: readonly string[]): Promise<boolean> {
	let path = root;
	for (const name of names) {
		path = join(path, name);
		if ((await lstat(path)).isSymbolicLink()) return true;
	}
	return false;
}

function refusal(error: unknown): null {
	const code = (error as NodeJS.ErrnoException).code ?? '';
	if (ABSENT.includes(code)) return null;
	if (FORBIDDEN.includes(code)) throw new HttpError(403, { cause: error });
	if (EXHAUSTED.includes(code)) throw new HttpError(503, { cause: error });
	// A socket in the file system, a device that is not there: nothing that could be served.
	if (code === 'ENXIO' || code === 'EOPNOTSUPP') return null;
	throw error;
}
