/** Sessions in Redis, by a client that is yours: of `redis` or of `ioredis`. Machines share them. */
import { checkNames, checkObject } from '../../../names/index.ts';
import type { SessionStore } from '../session-store.ts';

/** What is asked of a client of the package `redis`. */
export interface RedisLike {
	get(key: string): Promise<unknown>;
	set(key: string, value: string, options: { readonly PX: number; readonly XX?: true }): Promise<unknown>;
	del(key: string): Promise<unknown>;
}

/** What is asked of a client of `ioredis`, which is told by its `call`. */
export interface IoRedisLike {
	get(key: string): Promise<unknown>;
	set(key: string, value: string, unit: 'PX', milliseconds: number): Promise<unknown>;
	set(key: string, value: string, unit: 'PX', milliseconds: number, condition: 'XX'): Promise<unknown>;
	del(key: string): Promise<unknown>;
	call(command: string, ...args: string[]): Promise<unknown>;
}

export interface RedisSessionsOptions {
	/** What stands before each key. Default: `session:`. */
	readonly prefix?: string;
}

/**
 * A store in Redis. Connecting the client, its errors and its end are yours. Throws TypeError with the option's name and the
 * reason.
 */
export function redisSessions(client: RedisLike | IoRedisLike, options: RedisSessionsOptions = {}): SessionStore {
	for (const method of ['get', 'set', 'del'] as const) {
		if (typeof (client as Partial<RedisLike> | null)?.[method] !== 'function')
			throw new TypeError(`redisSessions: the client has no ${method}: it must be one of redis or ioredis`);
	}
	checkObject('redisSessions', options, "{ prefix: 'session:' }");
	checkNames('redisSessions: ', options, ['prefix']);
	const { prefix = 'session:' } = options;
	if (typeof prefix !== 'string') throw new TypeError('redisSessions: prefix must be text');
	return {
		get: async (key) => {
			const entry = await client.get(prefix + key);
			return typeof entry === 'string' ? entry : null;
		},
		set: async (key, entry, milliseconds, existing) =>
			(await put(client, prefix + key, entry, Math.ceil(milliseconds), existing)) === 'OK',
		delete: async (key) => void (await client.del(prefix + key)),
	};
}

function put(
	client: RedisLike | IoRedisLike,
	key: string,
	entry: string,
	ms: number,
	existing: boolean,
): Promise<unknown> {
	if (!('call' in client)) return client.set(key, entry, existing ? { PX: ms, XX: true } : { PX: ms });
	return existing ? client.set(key, entry, 'PX', ms, 'XX') : client.set(key, entry, 'PX', ms);
}
