/**
 * The formats that log tools know. Combined is that of Apache and nginx, with the time taken in milliseconds at the end, and
 * for tunnels the bytes that came in. Common is its first half.
 */
import type { Outcome, RawRequest } from '../../convention/index.ts';
import type { Fields } from '../../fields/index.ts';
import { type Entry, statusOf, wasTunnel } from './entry.ts';
import type { Redact } from './redact.ts';

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

export function combinedLine(entry: Entry, outcome: Outcome, redact: Redact): string {
	const { request } = entry;
	// Added up, not put into a template, which would ask each part for its string again.
	const answered = commonLine(entry, outcome, redact) + whoAsked(request.fields, redact) + milliseconds(entry.took);
	const tunnelled = wasTunnel(request, outcome) ? answered + ' received=' + outcome.received : answered;
	return outcome.ok ? tunnelled : tunnelled + ' cut-short';
}

export function commonLine(entry: Entry, outcome: Outcome, redact: Redact): string {
	const { method, version, target }: RawRequest = entry.request;
	const begin = opening(entry.address, entry.user, entry.beganAt);
	const asked = begin + method + ' ' + escaped(redact(target)) + ' HTTP/' + version;
	return asked + '" ' + statusOf(outcome) + ' ' + outcome.bytes;
}

/** Referer and User-Agent. */
function whoAsked(fields: Fields, redact: Redact): string {
	const referer = fields.get('referer');
	const agent = fields.get('user-agent');
	if (referer === null && agent === null) return ' "-" "-" ';
	const from = referer === null ? '-' : escaped(redact(referer));
	return ' "' + from + '" "' + (agent === null ? '-' : escaped(agent)) + '" ';
}

let second = 0;
let time = '';
let host: string | null = '';
let name: string | null = null;
let begin = '';

/** `192.0.2.1 - ann [22/Nov/2026:12:59:27 +0000] "`: the last one is kept, since requests come in rows from one client. */
function opening(address: string | null, user: string | null, at: number): string {
	const now = Math.floor(at / 1000);
	if (now === second && address === host && user === name) return begin;
	if (now !== second) time = timestamp(now);
	second = now;
	host = address;
	name = user;
	begin = `${word(address)} - ${word(user)} [${time}] "`;
	return begin;
}

/** `22/Nov/2026:12:59:27 +0000`. */
function timestamp(seconds: number): string {
	const date = new Date(seconds * 1000).toISOString();
	return `${date.slice(8, 10)}/${MONTHS[Number(date.slice(5, 7)) - 1]}/${date.slice(0, 4)}:${date.slice(11, 19)} +0000`;
}

/** With one decimal. */
function milliseconds(took: number): string {
	const tenths = Math.round(took * 10);
	return Math.floor(tenths / 10) + '.' + (tenths % 10);
}

/** A part that stands without quotes: spaces would make two of it, and what is a dash would be nobody. */
function word(value: string | null): string {
	if (value === null || value === '') return '-';
	return value === '-' ? '\\x2D' : escaped(value).replaceAll(' ', '\\x20');
}

const UNSAFE = /[^\x20\x21\x23-\x5b\x5d-\x7e]/;

/** What could end a quoted part, or confuse a terminal, as `\xHH`; what is no byte, as its UTF-8. */
function escaped(value: string): string {
	if (!UNSAFE.test(value)) return value;
	return value.replace(/[^\x20\x21\x23-\x5b\x5d-\x7e]/gu, (c) => {
		const code = c.codePointAt(0) as number;
		const bytes = code < 0x100 ? [code] : [...encoder.encode(c)];
		return bytes.map((byte) => `\\x${byte.toString(16).padStart(2, '0').toUpperCase()}`).join('');
	});
}

const encoder = new TextEncoder();
