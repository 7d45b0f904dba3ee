/** Kinds of app × engines on Bun and Deno: those that know fetch, before our HTTP/1.1 engine and the runtime's own. */
import { suite } from 'node:test';
import { kinds } from '../matrix/kinds/kinds.ts';
import { runCases } from '../matrix/kinds/run-kind.ts';
import { missing } from './runtime-process.ts';
import { runtimeSubjects } from './subjects.ts';

for (const name of ['fetch', 'hono', 'h3', 'elysia'] as const) {
	const kind = kinds[name];
	suite(kind.name, () => {
		for (const subject of runtimeSubjects)
			suite(subject.name, { skip: missing(subject.runtime) }, () => runCases(kind, () => subject.startKind(name)));
	});
}
