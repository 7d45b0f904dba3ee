/** Lines for a function, which takes each of them at once. What it throws costs the line alone. */
import type { LineLog, LineLogStatistics } from './line-log.ts';

export class CalledLog implements LineLog {
	private readonly take: (line: string) => void;
	private lines = 0;
	private dropped = 0;
	private closed = false;

	constructor(take: (line: string) => void) {
		this.take = take;
	}

	write(line: string): void {
		if (this.closed) return;
		try {
			this.take(line);
			this.lines++;
		} catch {
			this.dropped++;
		}
	}

	flush(): void {}

	reopen(): void {}

	close(): void {
		this.closed = true;
	}

	open(): void {
		this.closed = false;
	}

	statistics(): LineLogStatistics {
		return { lines: this.lines, dropped: this.dropped };
	}
}
