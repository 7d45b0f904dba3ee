/** The flags that several commands have, each with one meaning everywhere. */

import { availableParallelism } from 'node:os';
import { checkedRanges } from '../addresses/index.ts';
import type { AccessLogFormat } from '../middleware/access-log/index.ts';
import { nearest } from '../names/index.ts';
import {
	AddressError,
	DEFAULT_ADDRESS,
	DEFAULT_DRAIN,
	ENGINES,
	type EngineName,
	isEngineName,
	parseAddress,
} from '../serve/index.ts';
import { type Flag, FlagError, type RepeatedFlag } from './flags.ts';

const MILLISECONDS: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000 };

/** `--listen`. */
export const listen: RepeatedFlag<string> = {
	value: 'ADDR',
	help: `Where to listen; may be given several times. Default: ${DEFAULT_ADDRESS}.`,
	repeated: true,
	read: readAddress,
};

/** An address as it is given. Throws FlagError for what is none. */
export function readAddress(text: string): string {
	try {
		parseAddress(text);
	} catch (error) {
		if (error instanceof AddressError) throw new FlagError(error.message, error.hint);
		throw error;
	}
	return text;
}

/** `--proxy-header-from`. */
export const proxyHeaderFrom: RepeatedFlag<string> = {
	value: 'ADDR',
	help: 'Balancers with this address, or in this range (10.0.0.0/8, private),\nsay in a PROXY header who the client is. May be given several times.',
	repeated: true,
	read: (text: string): string => {
		try {
			if (text !== 'unix') checkedRanges('--proxy-header-from', text);
		} catch (error) {
			throw new FlagError(
				(error as Error).message.replace(/^[^:]*: [^:]*: /, ''),
				'For example 10.0.0.0/8, or private.',
			);
		}
		return text;
	},
};

/** `--access-log`. */
export const accessLog: Flag<string> = {
	value: '-|FILE|off',
	help: 'One line per request, to standard output (-) or a file.\nDefault: - on a terminal, else off.',
	read: (text: string): string => text,
};

/** `--access-log-format`. */
export const accessLogFormat: Flag<AccessLogFormat> = {
	value: 'FORMAT',
	help: 'json, combined or common. Default: combined.',
	read: (text: string): AccessLogFormat => {
		if (text !== 'json' && text !== 'combined' && text !== 'common')
			throw new FlagError('no such format', 'Write json, combined or common.');
		return text;
	},
};

/** `--workers`. */
export const workers: Flag<number> = {
	value: 'N',
	help: 'Processes that share the port; auto is one per processor. Default: 1.',
	read: (text: string): number => {
		if (text === 'auto') return availableParallelism();
		const count = /^\d{1,4}$/.test(text) ? Number(text) : 0;
		if (count < 1) throw new FlagError('not a number of processes', 'Write a whole number from 1 up, or auto.');
		return count;
	},
};

/** `--drain`. */
export const drain: Flag<number> = {
	value: 'TIME',
	help: `How long requests under way may take after SIGTERM. Default: ${DEFAULT_DRAIN / 1000}s.`,
	read: (text: string): number => {
		const [, amount, unit = ''] = /^(\d+(?:\.\d+)?)(ms|s|m)$/.exec(text) ?? [];
		if (amount === undefined) throw new FlagError('not a time', 'Write a number with its unit: 500ms, 10s, 2m.');
		return Number(amount) * (MILLISECONDS[unit] ?? 1);
	},
};

/** `--engine`. */
export const engine: Flag<EngineName> = {
	value: 'NAME',
	help: 'What speaks HTTP: h1, which is our own; node-http; http2, with\nHTTP/1.1 beside it; or bun and deno, on those. Default: h1.',
	read: (text: string): EngineName => {
		if (!isEngineName(text)) {
			const near = nearest(text, ENGINES);
			throw new FlagError('no such engine', near === null ? `Write ${ENGINES.join(', ')}.` : `Did you mean ${near}?`);
		}
		return text;
	},
};

/** What `--access-log` means where it is not given: someone at a terminal wants to see what happens. */
export function accessLogOr(
	given: string | undefined,
	format: AccessLogFormat | undefined,
): string | { readonly to: string; readonly format: AccessLogFormat } {
	const to = given ?? (process.stdout.isTTY || format !== undefined ? '-' : 'off');
	return to === 'off' || format === undefined ? to : { to, format };
}
