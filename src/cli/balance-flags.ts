/** The flags that say how several upstreams share the requests, and what they make of `upstreams`' options. */
import { HTTP_VERSIONS, type HttpVersion } from '../client/index.ts';
import type { App } from '../convention/index.ts';
import { type ReverseOptions, reverse } from '../proxy/reverse/index.ts';
import { BALANCES, type BalanceName, HEALTH_PATH, listed, upstreams } from '../upstreams/index.ts';
import { type Flag, FlagError, onOff } from './flags.ts';

/** `--balance`. */
export const balance: Flag<BalanceName> = {
	value: 'NAME',
	help: `How several servers share the requests: ${BALANCES.slice(0, -1).join(',\n')} or ${BALANCES.at(-1)}. Default: round-robin.`,
	read: (text: string): BalanceName => {
		if (!BALANCES.includes(text)) throw new FlagError('no such way to balance', `Write ${BALANCES.join(', ')}.`);
		return text as BalanceName;
	},
};

/** `--http`. */
export const http: Flag<HttpVersion> = {
	value: HTTP_VERSIONS.join('|'),
	help: 'What the servers are asked in: HTTP/1.1, HTTP/2 (gRPC needs it), or what\nTLS settles on. Default: 1.1.',
	read: (text: string): HttpVersion => {
		const found = HTTP_VERSIONS.find((version) => version === text);
		if (found === undefined) throw new FlagError('no such version', `Write ${HTTP_VERSIONS.join(', ')}.`);
		return found;
	},
};

/** `--health`. */
export const health: Flag<string> = {
	value: 'PATH|tcp|grpc',
	help: 'Look after the servers: ask each for PATH every few seconds, or\nsee whether it accepts a connection, or as a server of gRPC says\nthat it serves. One that is down is not asked.',
	read: (text: string): string => {
		if (!HEALTH_PATH.test(text))
			throw new FlagError('neither a path, tcp nor grpc', 'Write a path that begins with /, such as /health.');
		return text;
	},
};

/** `--retries`. */
export const retries: Flag<number> = {
	value: 'N',
	help: 'How often a request that failed is sent to another server, if it\nmay be. Default: 2 where there are several.',
	read: (text: string): number => {
		if (!/^\d{1,2}$/.test(text)) throw new FlagError('not a number of retries', 'Write a whole number from 0 up.');
		return Number(text);
	},
};

/** `--sticky`. */
export const sticky: Flag<boolean> = onOff('Clients stay with the server that has answered them, by a cookie.');

/** `--to-file`. */
export const toFile: Flag<string> = {
	value: 'FILE',
	help: 'The servers to ask are the lines of this file, which is followed.',
	read: (text: string): string => text,
};

export interface BalanceValues {
	readonly balance: BalanceName | undefined;
	readonly health: string | undefined;
	readonly retries: number | undefined;
	readonly sticky: boolean | undefined;
	readonly 'to-file': string | undefined;
}

/** One server is asked by `reverse`, several by `upstreams`. Throws for a file that cannot be read or holds a mistake. */
export function proxyTo(to: readonly string[], values: BalanceValues, options: ReverseOptions): App {
	const { balance: by, health: path, retries: times, sticky: stays, 'to-file': file } = values;
	const isPlain = [by, path, times, stays, file].every((value) => value === undefined);
	const [only] = to;
	if (only !== undefined && to.length === 1 && isPlain) return reverse(only, options);
	return upstreams(file === undefined ? to : listed(file, {}, '--to-file'), {
		reverse: options,
		...(by === undefined ? {} : { balance: by }),
		...(path === undefined ? {} : { health: path }),
		...(times === undefined ? {} : { retries: { times } }),
		...(stays === undefined ? {} : { sticky: stays }),
	});
}
