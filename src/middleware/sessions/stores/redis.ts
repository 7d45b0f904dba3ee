/** Sessions in Redis, by a client that is yours: of `redis` or of `ioredis`. Machines share them. */
import { HttpError } from '../../../convention/index.ts';
import { checkNames, checkObject } from '../../../names/index.ts';
import { type RedisClient, RedisCommands, RedisTimeout } from '../../redis-client.ts';
import type { SessionStore } from '../session-store.ts';

export interface RedisSessionsOptions {
	/** What stands before each key. Default: `session:`. */
	readonly prefix?: string;
	/** Milliseconds until an answer is no longer waited for; then 503. Default: 2000. */
	readonly timeout?: number;
}

/**
 * A store in Redis. Connecting the client, its errors and its end are yours. Throws TypeError or RangeError with the option's
 * name and the reason.
 */
export function redisSessions(client: RedisClient, options: RedisSessionsOptions = {}): SessionStore {
	checkObject('redisSessions', options, "{ prefix: 'session:' }");
	checkNames('redisSessions: ', options, ['prefix', 'timeout']);
	const { prefix = 'session:', timeout = 2000 } = options;
	if (typeof prefix !== 'string') throw new TypeError('redisSessions: prefix must be text');
	const redis = new RedisCommands('redisSessions', client, timeout);
	return {
		get: async (key) => {
			const entry = await asked(redis.ask('GET', prefix + key));
			return typeof entry === 'string' ? entry : null;
		},
		set: async (key, entry, milliseconds, existing) => {
			const command = ['SET', prefix + key, entry, 'PX', String(Math.ceil(milliseconds))];
			return (await asked(redis.ask(...command, ...(existing ? ['XX'] : [])))) === 'OK';
		},
		delete: async (key) => void (await asked(redis.ask('DEL', prefix + key))),
	};
}

function asked(answer: Promise<unknown>): Promise<unknown> {
	return answer.catch((error: unknown) => {
		if (!(error instanceof RedisTimeout)) throw error;
		const message = 'The sessions cannot be reached';
		throw new HttpError(503, { message, cause: error, fields: { 'retry-after': '1' } });
	});
}
