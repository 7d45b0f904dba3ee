/** The directory that is served. Its name may be a link that is turned to the next release while we run. */
import { statSync } from 'node:fs';
import { realpath } from 'node:fs/promises';
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Milliseconds for which a look at the link holds good. */
const FRESH = 1_000;

export class Root {
	private readonly path: string;
	private real = '';
	private looked = Number.NEGATIVE_INFINITY;

	/** Throws TypeError for what is no directory. */
	constructor(directory: string | URL) {
		this.path = typeof directory === 'string' ? resolve(directory) : fileURLToPath(directory);
		let isDirectory = false;
		try {
			isDirectory = statSync(this.path).isDirectory();
		} catch (error) {
			throw new TypeError(`files: no such directory: ${this.path}`, { cause: error });
		}
		if (!isDirectory) throw new TypeError(`files: not a directory: ${this.path}`);
	}

	/** Its real path. Rejects with the system's error when it has gone. */
	async realPath(): Promise<string> {
		const now = performance.now();
		if (now - this.looked > FRESH) {
			this.real = await realpath(this.path);
			this.looked = now;
		}
		return this.real;
	}
}
