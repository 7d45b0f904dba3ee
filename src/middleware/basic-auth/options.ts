/** What can be set on `basicAuth`. */
import type { Context } from '../../convention/index.ts';
import { checkNames, checkObject } from '../../names/index.ts';
import { ReloadedFile, reportToStderr } from '../../reloaded/index.ts';
import {
	GUARD_OPTIONS,
	type GuardOptions,
	type GuardSettings,
	guardSettings,
	wholeSetting,
	wrongOption,
} from '../guard-options.ts';
import { type Users, usersOfFile, usersOfRecord } from './users.ts';

/** Whether somebody may come in: no, yes, or yes with claims. */
export type VerifyPassword = (
	name: string,
	password: string,
	context: Context,
) => boolean | Readonly<Record<string, unknown>> | Promise<boolean | Readonly<Record<string, unknown>>>;

export interface BasicAuthOptions extends GuardOptions {
	/**
	 * The path of an htpasswd file, which is read again when it changes; names with their hashes; or a function. Hashes are
	 * bcrypt's, or PHC strings of argon2 or scrypt. `turnabout hash-password` makes lines of such a file.
	 */
	readonly users: string | Readonly<Record<string, string>> | VerifyPassword;
	/** Milliseconds that accepted credentials are remembered, so that not every request pays for a hash. Default: 60,000; 0 where `users` is a function. */
	readonly remember?: number;
	/** Passwords that are checked at a time. Default: 4. */
	readonly atOnce?: number;
	/** Those that wait for it; more are answered 503. Default: 100. */
	readonly waiting?: number;
	/** Told when a changed file cannot be read, or holds a mistake: what was read before stays in force. Default: a line on standard error. */
	readonly log?: (error: Error) => void;
}

export interface BasicAuthSettings extends GuardSettings {
	readonly users: Users | ReloadedFile<Users> | VerifyPassword;
	readonly remember: number;
	readonly atOnce: number;
	readonly waiting: number;
}

/** Throws TypeError or RangeError for what cannot be meant, and the system's error for a file that cannot be read. */
export function basicAuthSettings(options: BasicAuthOptions): BasicAuthSettings {
	checkObject('basicAuth', options, "{ users: 'htpasswd' }");
	checkNames('basicAuth: ', options, [...GUARD_OPTIONS, 'users', 'remember', 'atOnce', 'waiting', 'log']);
	const { users, atOnce = 4, waiting = 100, log = reportToStderr } = options;
	const { remember = typeof users === 'function' ? 0 : 60_000 } = options;
	if (typeof log !== 'function') throw wrongOption('basicAuth', 'log', 'a function', log);
	return {
		...guardSettings('basicAuth', options),
		users: usersOf(users, log),
		remember: wholeSetting('basicAuth', 'remember', remember, 0),
		atOnce: wholeSetting('basicAuth', 'atOnce', atOnce, 1),
		waiting: wholeSetting('basicAuth', 'waiting', waiting, 0),
	};
}

function usersOf(users: BasicAuthOptions['users'], log: (error: Error) => void): BasicAuthSettings['users'] {
	if (typeof users === 'function') return users;
	if (typeof users === 'string')
		return new ReloadedFile('basicAuth: users', users, (text) => usersOfFile(users, text), log);
	if (typeof users === 'object' && users !== null && !Array.isArray(users)) return usersOfRecord(users);
	throw new TypeError('basicAuth: users must be the path of a file, names with hashes, or a function');
}
