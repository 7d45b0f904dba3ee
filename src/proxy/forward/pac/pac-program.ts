/** What runs in the thread of a PAC file. */
import { parentPort } from 'node:worker_threads';
import type { QuickJSWASMModule } from 'quickjs-emscripten-core';
import { loadQuickJs, PacOverrun, PacScript } from './pac-script.ts';
import type { PacAnswered, PacQuestion } from './pac-thread.ts';

let engine: QuickJSWASMModule | null = null;
let script: PacScript | null = null;
let names: ReadonlyMap<string, string | null> = new Map();

async function answer(question: PacQuestion): Promise<PacAnswered['result']> {
	if ('url' in question) {
		names = question.names;
		if (script === null) throw new Error('There is no file');
		return script.run(question.url, question.host);
	}
	engine ??= await loadQuickJs();
	const { text, ownAddress, limits } = question;
	const made = new PacScript(engine, text, ownAddress, limits, (name) => names.get(name));
	script?.dispose();
	script = made;
	return { answer: '' };
}

function failure(error: unknown): PacAnswered['result'] {
	return { error: error instanceof Error ? error.message : String(error), overrun: error instanceof PacOverrun };
}

parentPort?.on('message', (question: PacQuestion) => {
	const post = (result: PacAnswered['result']): void =>
		// oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread, not a window
		parentPort?.postMessage({ number: question.number, result } satisfies PacAnswered);
	answer(question).then(post, (error: unknown) => post(failure(error)));
});
