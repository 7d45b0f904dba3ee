/** Where the shared test vectors are: beside the checkout, or nowhere. They are read in place, never copied. */
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** The folder of one set of vectors, or null where it is absent. */
export function vectorFolder(name: string): string | null {
	const folder = fileURLToPath(new URL(`../../../../shared/vectors/${name}`, import.meta.url));
	return existsSync(folder) ? folder : null;
}
