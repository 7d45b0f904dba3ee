/** An app that does with its session what the path says, and the ways to keep one. */
import { randomBytes } from 'node:crypto';
import { type App, type AppKnowing, raw, respond } from '../../../src/convention/index.ts';
import { session } from '../../../src/middleware/keys.ts';
import {
	memorySessions,
	type SessionsOptions,
	sessions,
	sqliteSessions,
} from '../../../src/middleware/sessions/index.ts';

export const SECRET: string = randomBytes(32).toString('hex');

/** `/set/name/value`, `/get/name`, `/delete/name`, `/rotate`, `/destroy`, `/throw/name`; everything else leaves the session alone. */
export const deeds: AppKnowing<typeof session> = async (request, context) => {
	const [, deed, name = '', value = ''] = raw(request).target.split('/');
	if (deed === 'plain') return respond(200, null, 'plain');
	const held = context.get(session);
	if (deed === 'set') held.set(name, value);
	if (deed === 'delete') held.delete(name);
	if (deed === 'rotate') held.rotate();
	if (deed === 'destroy') held.destroy();
	if (deed === 'renewed') {
		held.destroy();
		held.set(name, value);
	}
	if (deed === 'throw') {
		held.set(name, value);
		throw new Error('thrown');
	}
	const said = deed === 'get' ? await held.get(name) : deed;
	return respond(200, null, JSON.stringify(said) ?? 'nothing');
};

/** Each way to keep sessions, with options of its own each time. */
export const ways: Readonly<Record<string, () => SessionsOptions>> = {
	'the cookie': () => ({ secret: SECRET }),
	memory: () => ({ store: memorySessions() }),
	'memory, encrypted': () => ({ store: memorySessions(), secret: SECRET }),
	SQLite: () => ({ store: sqliteSessions(':memory:') }),
};

export const appOf = (options: SessionsOptions): App => sessions(options)(deeds);
