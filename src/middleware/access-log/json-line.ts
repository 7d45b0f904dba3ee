/**
 * A line as pino writes it: level, time, pid and hostname first, the message last, and in between what there is to say, flat.
 * It is put together by hand, since that takes a fraction of the time of making an object and serializing it
 * (docs/decisions/access-log.md). `jsonEntry` is the same as an object, for loggers.
 */
import { hostname } from 'node:os';
import type { Outcome } from '../../convention/index.ts';
import { asciiJson, quotedText } from '../../observe/index.ts';
import { type Entry, statusOf, wasTunnel } from './entry.ts';
import type { ExtraFields } from './options.ts';
import type { Redact } from './redact.ts';

/** Of pino, by number; errors of the server and what was cut short stand out. */
export type Level = 30 | 40 | 50;

export function levelOf(outcome: Outcome): Level {
	if (outcome.status >= 500) return 50;
	return outcome.ok ? 30 : 40;
}

export function messageOf(entry: Entry, outcome: Outcome): string {
	if (wasTunnel(entry.request, outcome)) return 'tunnel closed';
	return outcome.ok ? 'request completed' : 'request cut short';
}

let head = '';

/** What every line has in common. */
function common(): string {
	if (head === '') head = `,"pid":${process.pid},"hostname":${quotedText(hostname())}`;
	return head;
}

export function jsonLine(entry: Entry, outcome: Outcome, redact: Redact, extra: ExtraFields | null): string {
	const { request, id, user } = entry;
	const { fields } = request;
	let line = '{"level":' + levelOf(outcome) + ',"time":' + Math.floor(entry.beganAt + entry.took) + common();
	if (id !== null) line += ',"requestId":' + quotedText(id);
	const { trace } = entry;
	if (trace !== null) line += ',"traceId":"' + trace.traceId + '","spanId":"' + trace.spanId + '"';
	line += ',"client":' + nullable(entry.address);
	if (user !== null) line += ',"user":' + quotedText(user);
	line += ',"method":' + quotedText(request.method) + ',"host":' + quotedText(request.authority);
	line += ',"url":' + quotedText(redact(request.target)) + ',"version":"' + request.version + '"';
	const referer = fields.get('referer');
	if (referer !== null) line += ',"referer":' + quotedText(redact(referer));
	const agent = fields.get('user-agent');
	if (agent !== null) line += ',"userAgent":' + quotedText(agent);
	line += ',"status":' + statusOf(outcome) + ',"sent":' + outcome.bytes + ',"received":' + outcome.received;
	line += ',"responseTime":' + tenths(entry.took);
	if (entry.upstreamHead >= 0) line += ',"upstreamHeadTime":' + tenths(entry.upstreamHead);
	const upstream = upstreamTime(entry);
	if (upstream >= 0) line += ',"upstreamTime":' + tenths(upstream);
	if (!outcome.ok) line += ',"cutShort":' + quotedText(reasonOf(outcome.cause));
	if (extra !== null) line += extraText(extra);
	return line + ',"msg":"' + messageOf(entry, outcome) + '"}';
}

/** For a logger, which adds level, time, pid, hostname and the message. */
export function jsonEntry(entry: Entry, outcome: Outcome, redact: Redact, extra: ExtraFields | null): object {
	const line = JSON.parse(jsonLine(entry, outcome, redact, extra)) as Record<string, unknown>;
	const { level: _, time: __, pid: ___, hostname: ____, msg: _____, ...rest } = line;
	return rest;
}

/** A response that was answered without all of it being here yet counts as far as it came. */
function upstreamTime(entry: Entry): number {
	return entry.upstreamTotal >= 0 ? entry.upstreamTotal : entry.upstreamHead;
}

/** A number with one decimal at most, as JSON writes it. */
function tenths(milliseconds: number): string {
	const count = Math.round(milliseconds * 10);
	const rest = count % 10;
	return rest === 0 ? String(count / 10) : Math.floor(count / 10) + '.' + rest;
}

/** The stable code of an error; its text may hold what should not be here. */
function reasonOf(cause: unknown): string {
	const { code, name } = (cause ?? {}) as { readonly code?: unknown; readonly name?: unknown };
	if (typeof code === 'string') return code;
	return typeof name === 'string' ? name : 'unknown';
}

/** Names of ours; pino's lines would have them twice. */
const TAKEN: ReadonlySet<string> = new Set(
	(
		'level time pid hostname requestId traceId spanId client user method host url version referer userAgent status sent received ' +
		'responseTime upstreamHeadTime upstreamTime cutShort msg'
	).split(' '),
);

function extraText(extra: ExtraFields): string {
	let text = '';
	for (const [name, value] of Object.entries(extra)) {
		if (TAKEN.has(name)) continue;
		const written = typeof value === 'string' ? quotedText(value) : serialized(value);
		if (written !== undefined) text += ',' + quotedText(name) + ':' + written;
	}
	return text;
}

function serialized(value: unknown): string | undefined {
	try {
		const text = JSON.stringify(value) as string | undefined;
		return text === undefined ? undefined : asciiJson(text);
	} catch {
		// A circle, or a number without end.
		return undefined;
	}
}

function nullable(value: string | null): string {
	return value === null ? 'null' : quotedText(value);
}
