/** What a program writes, line by line, and the last of it for whoever asks why it ended. */
import type { Readable } from 'node:stream';

/** Characters; what is longer is broken. */
const LONGEST = 8_192;
/** Lines that are remembered. */
const REMEMBERED = 20;

export class Lines {
	private readonly log: (line: string) => void;
	private readonly last: string[] = [];

	constructor(log: (line: string) => void) {
		this.log = log;
	}

	read(stream: Readable): void {
		let rest = '';
		stream.setEncoding('utf8');
		stream.on('data', (text: string) => {
			const lines = (rest + text).split(/\r?\n/);
			rest = lines.pop() ?? '';
			for (const line of lines) this.take(line);
			while (rest.length > LONGEST) {
				this.take(rest.slice(0, LONGEST));
				rest = rest.slice(LONGEST);
			}
		});
		stream.on('end', () => {
			if (rest !== '') this.take(rest);
		});
		// A pipe to somebody who has been killed.
		stream.on('error', () => {});
	}

	/** The last lines. */
	get tail(): string {
		return this.last.join('\n');
	}

	private take(line: string): void {
		this.last.push(line);
		if (this.last.length > REMEMBERED) this.last.shift();
		this.log(line);
	}
}
