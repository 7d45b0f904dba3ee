/** Programs by name, as a shell would find them. */
import { accessSync, constants, statSync } from 'node:fs';
import { delimiter, join } from 'node:path';

/** The path of a program: in `first` if that is not null, else in the folders of PATH. Null when there is none. */
export function findProgram(name: string, first: string | null): string | null {
	const folders = first === null ? [] : [first];
	for (const folder of [...folders, ...(process.env['PATH'] ?? '').split(delimiter)]) {
		const path = join(folder, name);
		if (folder !== '' && isProgram(path)) return path;
	}
	return null;
}

function isProgram(path: string): boolean {
	try {
		accessSync(path, constants.X_OK);
		return statSync(path).isFile();
	} catch {
		return false;
	}
}
