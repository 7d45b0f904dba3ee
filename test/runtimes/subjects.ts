/** The rows of the matrix that need another runtime: our HTTP/1.1 engine on it, and its own. */
import type { Abilities } from '../../src/convention/index.ts';
import type { Started, Subject } from '../matrix/engines.ts';
import { h1Client } from '../matrix/h1-client.ts';
import { authority } from '../support/certificates.ts';
import { type Runtime, startOn } from './runtime-process.ts';

export interface RuntimeSubject extends Subject {
	readonly runtime: Runtime;
	/** The same engine before an app of that kind. */
	startKind(kind: string): Promise<Started>;
}

const all: Abilities = {
	inform: true,
	trailers: true,
	tunnel: true,
	rawFields: true,
	halfClose: true,
	sendFile: false,
};
const none: Abilities = {
	inform: false,
	trailers: false,
	tunnel: false,
	rawFields: false,
	halfClose: false,
	sendFile: false,
};

function on(runtime: Runtime, engine: string, secure: boolean): (kind?: string) => Promise<Started> {
	return async (kind) => {
		const words = [engine, secure ? 'tls' : 'plain', ...(kind === undefined ? [] : [kind])];
		const program = await startOn(runtime, 'matrix-server.ts', words);
		const client = h1Client(Number(program.firstLine), secure ? authority : undefined);
		return {
			client,
			protocol: 'h1',
			stop: async () => {
				client.close();
				await program.stop();
			},
		};
	};
}

function rows(secure: boolean): RuntimeSubject[] {
	const row = (
		runtime: Runtime,
		engine: string,
		name: string,
		about: string,
		can: Abilities,
		lacking: Subject['lacking'] = [],
	): RuntimeSubject => ({
		runtime,
		name: secure ? `${name} TLS` : name,
		about: secure ? `${about} with TLS` : about,
		protocol: 'h1',
		can,
		lacking,
		start: () => on(runtime, engine, secure)(),
		startKind: on(runtime, engine, secure),
	});
	return [
		row('bun', 'h1', 'h1 on Bun', '`h1()` on Bun', all),
		row('bun', 'bun', 'bun', '`bunServe()`', none, ['exact targets', 'late 100']),
		row('deno', 'h1', 'h1 on Deno', '`h1()` on Deno', all),
		row('deno', 'deno', 'deno', '`denoServe()`', none, ['late 100', 'silence', 'ended 205']),
	];
}

/** Plain; the page has a column for each. */
export const runtimeSubjects: readonly RuntimeSubject[] = rows(false);

/** The same with TLS. */
export const secureRuntimeSubjects: readonly RuntimeSubject[] = rows(true);
