/** The program of a thread: loads the module, and then runs its callable once for each request, until it is told to stop. */
import { workerData } from 'node:worker_threads';
import type { ThreadData, ToThread } from '../messages.ts';
import { handlerOf } from './blocking.ts';
import { run } from './run.ts';
import { Thread } from './thread.ts';

const { url, port, shared } = workerData as ThreadData;
const thread = new Thread(port, shared);
thread.install();

try {
	const module = (await import(url)) as { readonly default?: unknown };
	const handler = handlerOf(module.default);
	if (handler === null) unfit(notMade(module.default), 'Write `export default blocking((request) => reply(200))`.');
	else {
		thread.serveWith((message: ToThread) => {
			if (message[0] === 'serve') run(thread, handler, message[1], message[2]);
			else if (message[0] === 'stop') process.exit(0);
		});
		thread.post(['ready', 0]);
	}
} catch (error) {
	unfit(described(error), hintFor(error));
}

function notMade(value: unknown): string {
	return value === undefined ? 'there is no default export' : 'the default export was not made by blocking';
}

/** The process hears it before the thread ends: the message is in the port by then. */
function unfit(message: string, hint: string | null): void {
	thread.post(['unfit', 0, message, hint]);
	process.exitCode = 1;
	port.close();
}

/** What helps, for what goes wrong most often with a first module. */
function hintFor(error: unknown): string | null {
	if (!(error instanceof SyntaxError)) return null;
	if ('code' in error && error.code === 'ERR_UNSUPPORTED_TYPESCRIPT_SYNTAX')
		return 'TypeScript is loaded by stripping its types: write it without enums, namespaces and parameter properties.';
	if (/outside a module|Unexpected token 'export'/.test(error.message))
		return 'package.json says that this is CommonJS: write "type": "module" there, or call the file .mts or .mjs.';
	return null;
}

/** The error with the line that it is about, as far as that is known. */
function described(error: unknown): string {
	if (!(error instanceof Error)) return `it threw ${String(error)}`;
	const [, place] = /((?:file:\/\/)?\/[^\s()]+:\d+)/.exec(error.stack ?? '') ?? [];
	const where = place === undefined ? '' : ` (${place.replace(/^file:\/\//, '')})`;
	return `${error.name}: ${error.message}${where}`;
}
