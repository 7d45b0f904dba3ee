/** The patterns of `--allow` and `--deny`: hosts with and without a port, on the command line or in files. */
import { allow, deny, type Policy, parseHostRule, upToDate } from '../../proxy/forward/index.ts';
import { type ListEntry, ReloadedList, reportToStderr } from '../../reloaded/index.ts';
import { FlagError, type RepeatedFlag } from '../flags.ts';

const PATTERNS =
	'Write example.org, *.example.org or 192.0.2.0/24, with :PORT or :* behind it where another port is meant; or @FILE.';

/** A host with its port: null for those of `--ports`, `*` for all. */
export interface HostPattern {
	readonly host: string;
	readonly port: number | '*' | null;
}

/** A pattern as it was written, or a file with one a line. */
export type PatternEntry = ListEntry;

export function hostPatterns(help: string): RepeatedFlag<PatternEntry> {
	return {
		value: 'PATTERN',
		help: `${help}\n@FILE: one a line, followed when it changes.`,
		repeated: true,
		read: (text) => {
			if (text === '@') throw new FlagError('@ without a file', PATTERNS);
			if (text.startsWith('@')) return { file: text.slice(1) };
			readHostPattern(text);
			return text;
		},
	};
}

/** Throws FlagError. */
export function readHostPattern(text: string): HostPattern {
	const [, host = text, port] = /^(.*?)(?::(\d{1,5}|\*))?$/.exec(text) ?? [];
	const isIPv6 = text.includes(':') && !text.startsWith('[') && text.indexOf(':') !== text.lastIndexOf(':');
	const pattern = isIPv6 ? text : host;
	try {
		parseHostRule(pattern);
	} catch (error) {
		throw new FlagError((error as Error).message, PATTERNS);
	}
	if (isIPv6 || port === undefined) return { host: pattern, port: null };
	if (port === '*') return { host: pattern, port };
	return { host: pattern, port: readPort(port) };
}

/** Throws FlagError. */
export function readPort(text: string): number {
	const port = Number(text);
	if (!/^\d{1,5}$/.test(text) || port < 1 || port > 65_535)
		throw new FlagError(`${JSON.stringify(text)} is no port`, 'A port is a number from 1 to 65535.');
	return port;
}

/**
 * Allows or denies what fits one of these; `web`: the ports of a pattern without one, null for all. Throws, with file and
 * line, for a file that cannot be read or holds what is no pattern.
 */
export function patternPolicy(
	word: 'allow' | 'deny',
	entries: readonly PatternEntry[],
	web: readonly number[] | null,
): Policy {
	const where = `--${word}`;
	const list = new ReloadedList<Policy>(where, entries, {
		check: (at, text) => {
			try {
				readHostPattern(text);
			} catch (error) {
				throw new TypeError(`${at}: ${(error as Error).message}`, { cause: error });
			}
		},
		make: (texts) => byPort(word, texts.map(readHostPattern), web),
		report: reportToStderr,
	});
	return upToDate([list], (question) => list.value(question));
}

/** One rule for each port that is named: however many hosts, a look-up for each label of a name. */
function byPort(word: 'allow' | 'deny', patterns: readonly HostPattern[], web: readonly number[] | null): Policy {
	const rules = [...Map.groupBy(patterns, ({ port }) => port)].map(([port, group]) => {
		const ports = port === null ? web : port === '*' ? null : [port];
		const parts = { hosts: group.map(({ host }) => host), ...(ports !== null && { ports }) };
		return word === 'allow' ? allow(parts) : deny(parts);
	});
	return (question) => {
		for (const rule of rules) {
			const verdict = rule(question);
			if (verdict !== null) return verdict;
		}
		return null;
	};
}

/** The ports that are open to the policy: those of `web` and of patterns; null for all, as soon as a file could name any. */
export function portsOpenedBy(
	entries: readonly PatternEntry[],
	web: readonly number[] | null,
): readonly number[] | null {
	if (web === null || entries.some((entry) => typeof entry !== 'string')) return null;
	const named = (entries as readonly string[]).map((text) => readHostPattern(text).port);
	if (named.includes('*')) return null;
	return [...new Set([...web, ...named.filter((port) => typeof port === 'number')])];
}
