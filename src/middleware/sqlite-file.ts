/** Whether a file of SQLite could be opened, without making it and without what SQLite leaves beside it. */
import { accessSync, closeSync, constants, existsSync, openSync, readSync, statSync } from 'node:fs';
import { dirname } from 'node:path';

/** What every database begins with (SQLite file format, section 1.3.1). */
const MAGIC = 'SQLite format 3\0';

/** Throws Error, beginning with `where`, for a file that is no database, or cannot be written, or whose folder is not there. */
export function checkSqliteFile(where: string, path: string): void {
	if (path === ':memory:' || path === '') return;
	try {
		checkPlace(path);
	} catch (error) {
		const { code, message } = error as NodeJS.ErrnoException;
		throw Object.assign(new Error(`${where} ${JSON.stringify(path)}: ${message}`, { cause: error }), { code });
	}
}

function checkPlace(path: string): void {
	accessSync(dirname(path), constants.W_OK | constants.X_OK);
	if (!existsSync(path)) return;
	if (!statSync(path).isFile()) throw new Error('it is no file');
	accessSync(path, constants.R_OK | constants.W_OK);
	const head = Buffer.alloc(MAGIC.length);
	const file = openSync(path, 'r');
	try {
		const read = readSync(file, head, 0, head.length, 0);
		// An empty file is an empty database.
		if (read > 0 && head.toString('latin1') !== MAGIC) throw new Error('it is no database of SQLite');
	} finally {
		closeSync(file);
	}
}
