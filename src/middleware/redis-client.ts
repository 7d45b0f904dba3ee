/**
 * A client of Redis that is the user's, for stores of ours: any command is sent through it, and not waited for longer than
 * is said. A client that has lost its connection keeps commands until it has another.
 */

/** A client of the package `redis`, or one of `ioredis`: connected, and closed by whoever has made it. */
export type RedisClient =
	| { sendCommand(command: string[]): Promise<unknown> }
	| { call(command: string, ...args: string[]): Promise<unknown> };

/** Redis has not answered in time. What was asked of it may happen all the same. */
export class RedisTimeout extends Error {
	override readonly name = 'RedisTimeout';

	constructor(timeout: number) {
		super(`Redis did not answer in ${timeout} ms`);
	}
}

type Send = (command: string[]) => Promise<unknown>;

export class RedisCommands {
	private readonly send: Send;
	private readonly timeout: number;

	/** `where` is the store's name, `timeout` in milliseconds. Throws TypeError for what is no client, RangeError for no time. */
	constructor(where: string, client: RedisClient, timeout: number) {
		this.send = senderOf(where, client);
		this.timeout = checkMilliseconds(where, 'timeout', timeout, 1);
	}

	/** Rejects with RedisTimeout, or with the client's error. */
	ask(...command: string[]): Promise<unknown> {
		return this.within(async (send) => send(command));
	}

	/** Several commands for which together there is as much time as for one. */
	within<T>(work: (send: Send) => Promise<T>): Promise<T> {
		return new Promise((resolve, reject) => {
			const late = setTimeout(() => reject(new RedisTimeout(this.timeout)), this.timeout);
			const settled = (): void => clearTimeout(late);
			work(this.send).then(resolve, reject).then(settled, settled);
		});
	}
}

/** Throws RangeError with the option's name. */
export function checkMilliseconds(where: string, name: string, value: unknown, least: number): number {
	if (typeof value === 'number' && value >= least && value <= 60_000) return value;
	throw new RangeError(`${where}: ${name} must be milliseconds, from ${least} to 60,000, not ${String(value)}`);
}

/** A client of `ioredis` has a `sendCommand`, too, for something else. */
function senderOf(where: string, client: RedisClient): Send {
	if (typeof client === 'object' && client !== null) {
		// Its `sendCommand` wants the key first: one list would be sent to any node.
		if ('nodeByAddress' in client) throw new TypeError(`${where}: a cluster of redis is not taken, one of ioredis is`);
		if ('call' in client && typeof client.call === 'function') {
			return ([command = '', ...args]) => client.call(command, ...args);
		}
		if ('sendCommand' in client && typeof client.sendCommand === 'function') {
			return (command) => client.sendCommand(command);
		}
	}
	throw new TypeError(`${where}: give it a client of redis or ioredis`);
}
