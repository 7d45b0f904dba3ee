/**
 * Where the authority's key and certificate are kept: one file that its owner alone can read, in a folder of the same kind.
 * One file, since two could be of two authorities; made whole beside its place and then linked to it, so that nobody ever
 * reads a half, and of several who make one at the same time one wins and all others take its.
 */
import { randomBytes } from 'node:crypto';
import { link, mkdir, open, readFile, rename, stat, unlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** Key and certificate, for the owner alone. */
export const KEY_FILE = 'authority-key.pem';
/** The certificate again, for whoever is to trust it. */
export const CERTIFICATE_FILE = 'authority.pem';

/** Windows has no such modes. */
const hasModes = process.platform !== 'win32';

/** What is in the file, or what `make` made; `made` says which. Rejects with an Error that says what to do. */
export async function keptOrMade(directory: string, make: () => string): Promise<string> {
	await mkdir(directory, { recursive: true, mode: 0o700 });
	await checkDirectory(directory);
	const path = join(directory, KEY_FILE);
	const kept = await readSecret(path);
	if (kept !== null) return kept;
	await create(path, make());
	// Somebody else's, if they were faster.
	return (await readSecret(path)) as string;
}

/** Writes the certificate where everybody may read it; what is there already is left as it is. */
export async function publish(directory: string, certificate: string): Promise<string> {
	const path = join(directory, CERTIFICATE_FILE);
	const there = await readFile(path, 'utf8').catch(() => null);
	if (there === certificate) return path;
	const beside = besideOf(path);
	await writeFile(beside, certificate, { flag: 'wx', mode: 0o644 });
	await rename(beside, path);
	return path;
}

/** In a folder that others can write to, they could put a key of theirs. */
async function checkDirectory(directory: string): Promise<void> {
	const { mode, uid } = await stat(directory);
	if (!hasModes) return;
	if ((mode & 0o022) !== 0)
		throw new Error(`${directory} can be written to by others (mode ${octal(mode)}): chmod 700 ${directory}`);
	checkOwner(directory, uid);
}

/** Null when there is none. */
async function readSecret(path: string): Promise<string | null> {
	let file: Awaited<ReturnType<typeof open>>;
	try {
		file = await open(path, 'r');
	} catch (error) {
		if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
		throw error;
	}
	try {
		// Asked of what was opened, not of what has the name by now.
		const { mode, uid } = await file.stat();
		if (hasModes && (mode & 0o077) !== 0) {
			const words = `${path} can be read by others (mode ${octal(mode)}), and whoever has this key can pass for any server`;
			throw new Error(`${words}: delete it, so that a new one is made, or chmod 600 it if nobody has seen it`);
		}
		checkOwner(path, uid);
		return await file.readFile('utf8');
	} finally {
		await file.close();
	}
}

async function create(path: string, content: string): Promise<void> {
	const beside = besideOf(path);
	const file = await open(beside, 'wx', 0o600);
	try {
		await file.writeFile(content);
		await file.sync();
		await file.close();
		// Unlike `rename` it never replaces what somebody else has put there meanwhile.
		await link(beside, path).catch((error: NodeJS.ErrnoException) => {
			if (error.code !== 'EEXIST') throw error;
		});
	} finally {
		await file.close();
		await unlink(beside);
	}
}

function checkOwner(path: string, uid: number): void {
	const own = process.getuid?.();
	if (hasModes && own !== undefined && uid !== own) throw new Error(`${path} belongs to another user (${uid})`);
}

function besideOf(path: string): string {
	return `${path}.${process.pid}.${randomBytes(6).toString('hex')}`;
}

function octal(mode: number): string {
	return (mode & 0o7777).toString(8).padStart(4, '0');
}
