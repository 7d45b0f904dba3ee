/** Frameworks, each on its own server and on ours: the same app, from programs/framework-apps.ts. */
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { nodeCommand } from '../node-command.ts';
import { turnaboutServe } from '../subjects/turnabout.ts';
import type { Command, Place, Target } from '../target.ts';

const path = (name: string): string => fileURLToPath(new URL(name, import.meta.url));

/** Names, and the packages that each needs. */
export const frameworks: Readonly<Record<string, readonly string[]>> = {
	express: ['express'],
	koa: ['koa'],
	fastify: ['fastify'],
	hono: ['hono', '@hono/node-server'],
};

function missing(name: string): string | null {
	const absent = frameworks[name]?.find((one) => !existsSync(path(`node_modules/${one}`)));
	return absent === undefined ? null : `${absent} is not installed: npm ci in bench/peers`;
}

/** As its documentation has it: `app.listen`, or Hono's node server. */
export function onItsOwn(name: string): Target {
	return {
		name: `${name} on its own`,
		missing: () => missing(name),
		prepare: (place: Place): Command =>
			nodeCommand(place, path('programs/framework-listen.ts'), [name, String(place.port)]),
	};
}

/** Served by our command. */
export function onTurnabout(name: string): Target {
	const serve = turnaboutServe(`${name} on turnabout`, 'framework.ts');
	return {
		...serve,
		// Where the framework is absent, that is nobody's failure.
		ours: missing(name) === null,
		missing: () => missing(name) ?? serve.missing(),
		prepare: (place: Place): Command => ({ ...serve.prepare(place), environment: { FRAMEWORK: name } }),
	};
}
