/** What is wrong with a rules file, said before it is read and after it was. */
import { constants } from 'node:fs';
import { access, readdir, readFile, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { nearest } from '../../names/index.ts';
import { StartError } from '../../serve/index.ts';

/** Throws StartError unless `path` is a file that can be read as rules. `shown`: how it is named on the command line. */
export async function requireRules(path: string, shown: string): Promise<void> {
	await requireFile(path, shown, async (folder) => {
		const found = (await readdir(folder)).find((name) => /^rules\.(?:xml|ya?ml)$/.test(name));
		return found === undefined ? 'Name the file with the rules.' : `Did you mean ${join(folder, found)}?`;
	});
	if (!/\.(?:xml|ya?ml)$/i.test(path)) {
		throw new StartError(`${shown}: neither .xml nor .yaml`, 'Rules are read by the ending of their name.');
	}
	if (!isDecodable(await readFile(path))) {
		throw new StartError(
			`${shown}: not UTF-8`,
			'Save it as UTF-8; XML may say another encoding: <?xml version="1.0" encoding="iso-8859-1"?>.',
		);
	}
}

/** Throws StartError unless `path` is a file that may be read. `inFolder`: the hint for a folder. */
export async function requireFile(
	path: string,
	shown: string,
	inFolder: (folder: string) => Promise<string> = async () => 'Name a file in it.',
): Promise<void> {
	const found = await stat(path).catch(() => null);
	if (found === null) throw new StartError(`${shown}: there is no such file`, await hintFor(path));
	if (found.isDirectory()) throw new StartError(`${shown}: a folder, not a file`, await inFolder(path));
	try {
		await access(path, constants.R_OK);
	} catch (cause) {
		throw new StartError(`${shown}: it may not be read`, 'Give this user the right to read it.', cause);
	}
}

async function hintFor(path: string): Promise<string> {
	const folder = dirname(path);
	const names = await readdir(folder).catch(() => null);
	if (names === null) return `There is no folder ${folder} either.`;
	const near = nearest(basename(path), names);
	return near === null ? 'Paths are seen from the current folder.' : `Did you mean ${join(folder, near)}?`;
}

/** UTF-8, or what says of itself that it is something else. */
function isDecodable(bytes: Uint8Array): boolean {
	if ((bytes[0] === 0xff && bytes[1] === 0xfe) || (bytes[0] === 0xfe && bytes[1] === 0xff)) return true;
	const start = new TextDecoder('latin1').decode(bytes.subarray(0, 200));
	if (/^\s*<\?xml[^>]*\sencoding\s*=/.test(start)) return true;
	try {
		new TextDecoder('utf-8', { fatal: true }).decode(bytes);
		return true;
	} catch {
		return false;
	}
}

/** Errors of the theme engine as one that the command line says with code frames; anything else stays as it is. */
export async function loadFailure(error: unknown, shown: string): Promise<unknown> {
	const { formatDiagnostics, ThemeError, ThemeFileError } = await import('../../theme/index.ts');
	if (error instanceof ThemeFileError) return new StartError(`${shown}: ${error.message}`, error.hint, error);
	if (!(error instanceof ThemeError)) return error;
	const frames = formatDiagnostics(error.diagnostics);
	return new StartError(`${shown}: these rules cannot be used\n\n${frames}\n`, null, error);
}
