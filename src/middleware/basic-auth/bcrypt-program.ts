/** What runs in the thread of bcrypt. */
import { parentPort } from 'node:worker_threads';
import { compareSync } from 'bcryptjs';
import type { BcryptAnswer, BcryptQuestion } from './bcrypt-thread.ts';

parentPort?.on('message', ({ number, password, hash }: BcryptQuestion) => {
	// oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread, not a window
	parentPort?.postMessage({ number, matches: compareSync(password, hash) } satisfies BcryptAnswer);
});
