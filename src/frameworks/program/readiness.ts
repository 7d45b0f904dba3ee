/** Whether a program answers yet. */
import { get } from 'node:http';
import { connect } from 'node:net';
import type { ProgramSettings } from './options.ts';
import type { Place } from './place.ts';

/** Milliseconds between two questions: at first, and at most. */
const FIRST = 10;
const MOST = 250;
/** That one question may take. */
const PATIENCE = 5_000;

/** Asks until the program answers, or accepts a connection where there is nothing to ask; or until `signal` says to stop. */
export async function untilReady(place: Place, settings: ProgramSettings, signal: AbortSignal): Promise<void> {
	const { ready, readyFields } = settings;
	for (let pause = FIRST; ; pause = Math.min(pause * 1.5, MOST)) {
		signal.throwIfAborted();
		if (await (ready === null ? accepts(place) : answers(place, ready, readyFields))) return;
		await new Promise((resolve) => setTimeout(resolve, pause));
	}
}

function at({ words }: Place): { path: string } | { host: string; port: number } {
	const { socket, host = '', port } = words;
	return socket === undefined ? { host, port: Number(port) } : { path: socket };
}

function accepts(place: Place): Promise<boolean> {
	return new Promise((resolve) => {
		const socket = connect(at(place));
		const settle = (accepted: boolean): void => {
			socket.destroy();
			resolve(accepted);
		};
		socket.setTimeout(PATIENCE, () => settle(false));
		socket.once('connect', () => settle(true));
		socket.once('error', () => settle(false));
	});
}

function answers(place: Place, path: string, headers: Readonly<Record<string, string>>): Promise<boolean> {
	const where = at(place);
	const target = 'path' in where ? { socketPath: where.path } : where;
	return new Promise((resolve) => {
		const request = get({ ...target, path, headers, agent: false, timeout: PATIENCE }, (response) => {
			response.resume();
			resolve((response.statusCode ?? 500) < 500);
		});
		request.once('timeout', () => request.destroy());
		request.once('error', () => resolve(false));
	});
}
