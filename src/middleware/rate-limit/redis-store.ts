/**
 * Buckets in Redis, for all processes and machines together. One script takes the tokens and says what is left, so that a
 * request costs one round trip, which the clients send in one batch with those of other requests. Times are the server's: the
 * clocks of the machines do not matter. A key lives as long as its bucket takes to fill.
 */
import { createHash } from 'node:crypto';
import { checkNames } from '../../names/index.ts';
import { checkMilliseconds, type RedisClient, RedisCommands } from '../redis-client.ts';
import type { Bucket } from './limit.ts';
import type { LimitStore, Verdict } from './store.ts';

export interface RedisLimitsOptions {
	/** Before each key. Default: `limit:`. */
	readonly prefix?: string;
	/** Milliseconds until an answer is no longer waited for. Default: 250. */
	readonly timeout?: number;
	/** Milliseconds for which Redis is left alone after it has failed: requests do not wait for it then. Default: 1000. */
	readonly pause?: number;
}

export interface RedisLimits extends LimitStore {
	take(key: string, cost: number, bucket: Bucket): Promise<Verdict>;
	statistics(): RedisLimitsStatistics;
}

export interface RedisLimitsStatistics {
	readonly asked: number;
	/** Errors and answers that came too late. */
	readonly failed: number;
	/** Requests that Redis was not asked for, since it had failed just before. */
	readonly paused: number;
}

/** ARGV: milliseconds for one token, milliseconds for a full bucket, tokens wanted. Numbers go back as text: Redis would cut them. */
const SCRIPT = `local time = redis.call('TIME')
local now = time[1] * 1000 + time[2] / 1000
local interval, full, cost = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3])
local before = tonumber(redis.call('GET', KEYS[1]) or '0')
if before < now then before = now end
if before > now + full then before = now + full end
local after = before + cost * interval
local short = after - now - full
if short > 0.001 and cost > 0 then
  return {0, string.format('%.3f', before - now), string.format('%.3f', short)}
end
if after > now then
  redis.call('SET', KEYS[1], string.format('%.3f', after), 'PX', math.ceil(after - now))
end
return {1, string.format('%.3f', after - now), '0'}`;

const SHA = createHash('sha1').update(SCRIPT).digest('hex');

/** Throws TypeError or RangeError with the option's name and the reason. */
export function redisLimits(client: RedisClient, options: RedisLimitsOptions = {}): RedisLimits {
	checkNames('redisLimits: ', options, ['prefix', 'timeout', 'pause']);
	const { prefix = 'limit:', timeout = 250, pause = 1000 } = options;
	if (typeof prefix !== 'string') throw new TypeError('redisLimits: prefix is no text');
	const redis = new RedisCommands('redisLimits', client, timeout);
	return new Shared(redis, prefix, checkMilliseconds('redisLimits', 'pause', pause, 0));
}

class Shared implements RedisLimits {
	private readonly redis: RedisCommands;
	private readonly prefix: string;
	private readonly pause: number;
	private closedUntil = Number.NEGATIVE_INFINITY;
	private asked = 0;
	private failed = 0;
	private paused = 0;

	constructor(redis: RedisCommands, prefix: string, pause: number) {
		this.redis = redis;
		this.prefix = prefix;
		this.pause = pause;
	}

	async take(key: string, cost: number, bucket: Bucket): Promise<Verdict> {
		if (performance.now() < this.closedUntil) {
			this.paused++;
			throw new Error('Redis has failed a moment ago');
		}
		this.asked++;
		const { interval, full, burst, name } = bucket;
		try {
			const reply = await this.run(`${this.prefix}${name}:${key}`, [String(interval), String(full), String(cost)]);
			const [allowed, reset, retry] = checked(reply);
			const remaining = Math.max(0, Math.floor((full - reset + 0.002) / interval));
			return { allowed, remaining, reset, retry: allowed ? 0 : cost > burst ? Number.POSITIVE_INFINITY : retry };
		} catch (error) {
			this.failed++;
			this.closedUntil = performance.now() + this.pause;
			throw error;
		}
	}

	private run(key: string, args: readonly string[]): Promise<unknown> {
		return this.redis.within(async (send) => {
			try {
				return await send(['EVALSHA', SHA, '1', key, ...args]);
			} catch (error) {
				// A server that has been started anew does not know the script; EVAL makes it known.
				if (!(error instanceof Error) || !error.message.startsWith('NOSCRIPT')) throw error;
				return send(['EVAL', SCRIPT, '1', key, ...args]);
			}
		});
	}

	statistics(): RedisLimitsStatistics {
		const { asked, failed, paused } = this;
		return { asked, failed, paused };
	}
}

function checked(reply: unknown): [allowed: boolean, reset: number, retry: number] {
	if (Array.isArray(reply) && reply.length === 3) {
		const [allowed, reset, retry] = reply.map(Number);
		if ((allowed === 0 || allowed === 1) && (reset as number) >= 0 && (retry as number) >= 0) {
			return [allowed === 1, reset as number, retry as number];
		}
	}
	throw new Error('Redis has answered something else than its script would');
}
