import { after, before, suite, test } from 'node:test';
import type { App } from '../../../src/convention/index.ts';
import { Bench } from '../case.ts';
import { type Started, type Subject, subjects } from '../engines.ts';
import { substitute } from './kind-case.ts';
import type { Kind } from './kinds.ts';
import { mounted } from './mounted.ts';
import { kindThemes } from './themes.ts';

/** One engine for each way to speak; with TLS they are the same to an app. */
export const engines: readonly Subject[] = subjects.filter(({ name }) =>
	['h1', 'node-http', 'http2', 'memory'].includes(name),
);

/** For apps in other processes, which take longer: what differs for them is what a client speaks. */
export const fewEngines: readonly Subject[] = engines.filter(({ name }) => name !== 'node-http');

/** An app of some kind that is up. */
export interface MadeApp {
	readonly app: App;
	/** Ends what is behind it. Default: there is nothing. */
	readonly stop?: () => unknown;
}

/** One kind of app × these engines × every case. The app is made once. `skip` says why nothing is run. */
export function runKind(
	kind: Kind,
	make: () => MadeApp | Promise<MadeApp>,
	subjects: readonly Subject[],
	skip: string | false = false,
): void {
	suite(kind.name, { skip }, () => {
		let made: MadeApp;
		before(async () => {
			made = await make();
		});
		after(() => made.stop?.());
		for (const subject of subjects)
			suite(subject.name, () => {
				runCases(kind, () => subject.start(mounted(made.app)));
			});
	});
}

/** Every case for that kind, on what `start` has started. */
export function runCases(kind: Kind, start: () => Promise<Started>): void {
	let started: Started;
	let bench: Bench;
	before(async () => {
		started = await start();
		bench = new Bench(started);
	});
	after(() => started.stop());
	for (const { title, cases } of kindThemes) {
		for (const one of cases) {
			const instead = substitute(kind, one);
			test(`${title}: ${one.name}${instead === null ? '' : ` (${instead.otherwise})`}`, async () => {
				await (instead?.run ?? one.run)(bench);
			});
		}
	}
}
