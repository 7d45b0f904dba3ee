/** Somebody who serves a program as a library does, without a handler for any signal: it says what runs, and waits to be ended. */
import { fileURLToPath } from 'node:url';
import { program } from '../../../src/frameworks/program/index.ts';

const answers = fileURLToPath(new URL('answers.ts', import.meta.url));
// A child of the program's own beside it.
const script = 'sleep 1000 & echo "child $!"; exec "$0" "$1"';
const app = program({
	command: ['/bin/sh', '-c', script, process.execPath, answers],
	listen: 'socket',
	log: (line) => {
		if (line.startsWith('child')) console.log(line);
	},
});
await app.start();
console.log(`program ${app.statistics().pid}`);
process.stdin.on('data', () => {
	process.stdin.destroy();
	void app.stop();
});
