/** The callable of the tests in threads that end with their test, and a gate at which it can be held. */
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { TestContext } from 'node:test';
import { ask } from '../../../src/engine/memory/index.ts';
import {
	type ThreadLogEntry,
	type Threads,
	type ThreadsOptions,
	threads,
} from '../../../src/frameworks/blocking/index.ts';
import { until } from '../../support/until.ts';

export function callable(name: string): URL {
	return new URL(`./callables/${name}.ts`, import.meta.url);
}

export interface Site {
	readonly app: Threads;
	/** What was logged. */
	readonly log: ThreadLogEntry[];
	/** What the callable has written down since the last look; of one thread. */
	diary(): Promise<string[]>;
	/** Waits until the diary has something. */
	nextDiary(): Promise<string[]>;
}

/** Threads of callables/site.ts, one unless told otherwise. */
export async function site(t: TestContext, options: ThreadsOptions = {}): Promise<Site> {
	const log: ThreadLogEntry[] = [];
	const app = threads(callable('site'), { threads: 1, log: (entry) => log.push(entry), ...options });
	t.after(() => app.stop());
	await app.start();
	const diary = async () => (await (await ask(app, '/diary')).json()) as string[];
	const nextDiary = async () => {
		await until(() => app.statistics().busy === 0, 'an idle thread');
		return diary();
	};
	return { app, log, diary, nextDiary };
}

/** A server that answers nobody until it is opened. */
export interface Gate {
	readonly url: string;
	/** Requests that have come. */
	readonly waiting: number;
	/** Those that have gone away again. */
	readonly left: number;
	reached(count?: number): Promise<void>;
	open(): void;
}

export async function gate(t: TestContext): Promise<Gate> {
	const held: ServerResponse[] = [];
	let opened = false;
	let left = 0;
	const server = createServer((_, response) => {
		response.on('close', () => {
			if (!response.writableFinished) left++;
		});
		held.push(response);
		if (opened) response.end('open');
	});
	await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
	t.after(() => {
		server.closeAllConnections();
		server.close();
	});
	return {
		url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
		get waiting() {
			return held.length;
		},
		get left() {
			return left;
		},
		reached: (count = 1) => until(() => held.length >= count, `${count} at the gate`),
		open() {
			opened = true;
			for (const response of held) response.end('open');
		},
	};
}
