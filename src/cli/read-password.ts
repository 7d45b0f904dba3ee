/** A password from standard input: typed without an echo at a terminal, else its first line. */
import { createInterface } from 'node:readline/promises';
import { Writable } from 'node:stream';

/** The prompt goes to standard error, and nowhere when nobody is there to read it. Empty when there was no input. */
export async function readPassword(prompt: string): Promise<string> {
	const terminal = process.stdin.isTTY;
	if (terminal) process.stderr.write(prompt);
	// At a terminal readline echoes what is typed: to nobody, here.
	const output = new Writable({ write: (_chunk, _encoding, done) => done() });
	const lines = createInterface({ input: process.stdin, output, terminal });
	try {
		const first = await new Promise<string>((resolve) => {
			lines.once('line', resolve);
			lines.once('close', () => resolve(''));
		});
		return first;
	} finally {
		lines.close();
		if (terminal) process.stderr.write('\n');
	}
}
