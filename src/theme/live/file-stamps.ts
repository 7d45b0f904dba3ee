/** What files looked like when they were about to be read: whether one is another by now is seen by its stamp. */
import { statSync } from 'node:fs';

export class FileStamps {
	private readonly stamps: Map<string, string> = new Map();

	/** Remembers how the file looks now; what is known already stays. */
	note(path: string): void {
		if (!this.stamps.has(path)) this.stamps.set(path, stampOf(path));
	}

	get paths(): readonly string[] {
		return [...this.stamps.keys()];
	}

	/** Whether any of them looks different by now. */
	get outdated(): boolean {
		for (const [path, stamp] of this.stamps) if (stampOf(path) !== stamp) return true;
		return false;
	}

	/** Whether one of them had something in it, and has nothing now: somebody is about to write it. */
	get emptied(): boolean {
		for (const [path, stamp] of this.stamps) {
			if (stamp !== GONE && !stamp.startsWith('0 ') && /^(?:0 |gone$)/.test(stampOf(path))) return true;
		}
		return false;
	}
}

const GONE = 'gone';

function stampOf(path: string): string {
	try {
		const { size, mtimeMs, ctimeMs, ino } = statSync(path);
		return `${size} ${mtimeMs} ${ctimeMs} ${ino}`;
	} catch {
		return GONE;
	}
}
