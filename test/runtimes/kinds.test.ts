/** Kinds of app × engines on Bun and Deno, before our HTTP/1.1 engine and the runtime's own. */
import { suite } from 'node:test';
import type { Gap } from '../matrix/kinds/kind-case.ts';
import { type Kind, kinds } from '../matrix/kinds/kinds.ts';
import { runCases } from '../matrix/kinds/run-kind.ts';
import { missing as missingPackage } from '../node-frameworks/missing.ts';
import { missing } from './runtime-process.ts';
import { runtimeSubjects } from './subjects.ts';

/** Those whose package has a folder of its own. */
const withoutPackage = (name: string): string | false =>
	['express', 'koa', 'fastify'].includes(name) && missingPackage(name);

/** What the engine cannot do, the kind cannot do there. */
const without = (kind: Kind, gap: Gap): Kind => ({ ...kind, gaps: [...kind.gaps, gap] });

for (const name of ['fetch', 'hono', 'h3', 'elysia', 'node', 'connect', 'express', 'koa', 'fastify'] as const) {
	const kind = kinds[name];
	suite(kind.name, () => {
		for (const subject of runtimeSubjects)
			suite(subject.name, { skip: missing(subject.runtime) || withoutPackage(name) }, () => {
				const here = subject.can.tunnel ? kind : without(kind, 'no tunnels');
				runCases(here, () => subject.startKind(name));
			});
	});
}
