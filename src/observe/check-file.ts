/** Whether a log's file could be opened, without making it. */
import { accessSync, constants, existsSync, statSync } from 'node:fs';
import { dirname } from 'node:path';

/** Throws the system's error for a file that could not be opened, or whose folder is not there or closed to us. Says nothing of other places. */
export function checkFile(to: unknown): void {
	if (typeof to !== 'string' || to === '-') return;
	if (!existsSync(to)) return accessSync(dirname(to), constants.W_OK | constants.X_OK);
	if (statSync(to).isDirectory()) throw Object.assign(new Error('it is a folder'), { code: 'EISDIR' });
	accessSync(to, constants.W_OK);
}
