/** `--user NAME:PASSWORD`: who may use a proxy, said on the command line. */
import { createHash, timingSafeEqual } from 'node:crypto';
import type { App, Middleware } from '../../convention/index.ts';
import { basicAuth } from '../../middleware/basic-auth/index.ts';
import { FlagError, type RepeatedFlag } from '../flags.ts';

export interface User {
	readonly name: string;
	readonly password: string;
}

export const user: RepeatedFlag<User> = {
	value: 'NAME:PASSWORD',
	help: 'Who may use the proxy; may be given several times. Others can see command lines:\n--users FILE keeps passwords out of them. Default: everybody who reaches the port.',
	repeated: true,
	read: (text) => {
		const colon = text.indexOf(':');
		// The value itself is not shown: it may be a password.
		if (colon < 1 || colon === text.length - 1) throw new FlagError('no name and password', 'Write NAME:PASSWORD.');
		return { name: text.slice(0, colon), password: text.slice(colon + 1) };
	},
};

/** The layer that lets these in; the app itself where nobody is named. */
export function guardedBy(users: readonly User[], file: string | undefined): Middleware {
	if (file !== undefined) return basicAuth({ role: 'proxy', realm: 'proxy', users: file }) as unknown as Middleware;
	if (users.length === 0) return (app: App) => app;
	const digests = new Map(users.map(({ name, password }) => [name, digest(password)]));
	const nobody = digest('');
	const verify = (name: string, password: string): boolean => {
		const known = digests.get(name);
		return timingSafeEqual(known ?? nobody, digest(password)) && known !== undefined;
	};
	return basicAuth({ role: 'proxy', realm: 'proxy', users: verify }) as unknown as Middleware;
}

function digest(password: string): Buffer {
	return createHash('sha256').update(password).digest();
}
