/** The combined log format of Apache and nginx, with the time taken in milliseconds at the end. */
import type { Address, Outcome, RawRequest } from '../../convention/index.ts';
import type { Fields } from '../../fields/index.ts';
import { redacted } from './redact.ts';

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** `began` and `took` in milliseconds, `began` on the clock of `performance.now()`. A response that was cut short has status 499 when none was sent. */
export function combinedLine(
	request: RawRequest,
	remote: Address,
	outcome: Outcome,
	began: number,
	took: number,
): string {
	const { fields, method, version } = request;
	const status = outcome.status === 0 ? CLIENT_LEFT : outcome.status;
	// Added up, not put into a template, which would ask each part for its string again.
	const asked = opening(remote, began) + method + ' ' + escaped(redacted(request.target)) + ' HTTP/' + version;
	const answered = asked + '" ' + status + ' ' + outcome.bytes + whoAsked(fields) + milliseconds(took);
	return outcome.ok ? answered : answered + ' cut-short';
}

/** Referer and User-Agent. */
function whoAsked(fields: Fields): string {
	const referer = fields.get('referer');
	const agent = fields.get('user-agent');
	if (referer === null && agent === null) return ' "-" "-" ';
	const from = referer === null ? '-' : escaped(redacted(referer));
	return ' "' + from + '" "' + (agent === null ? '-' : escaped(agent)) + '" ';
}

const { timeOrigin } = performance;
let second = 0;
let time = '';
let address = '';
let begin = '';

/** `192.0.2.1 - - [22/Nov/2026:12:59:27 +0000] "`: the last one is kept, since requests come in rows from one client. */
function opening(remote: Address, at: number): string {
	const now = Math.floor((timeOrigin + at) / 1000);
	const host = remote.kind === 'ip' ? remote.host : '-';
	if (now === second && host === address) return begin;
	if (now !== second) time = timestamp(now);
	second = now;
	address = host;
	begin = `${host} - - [${time}] "`;
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

/** nginx's way to say that nobody was there to be answered. */
const CLIENT_LEFT = 499;

const UNSAFE = /[^\x20\x21\x23-\x5b\x5d-\x7e]/;

/** What could end a quoted part, or confuse a terminal, as `\xHH`. */
function escaped(value: string): string {
	if (!UNSAFE.test(value)) return value;
	return value.replace(
		/[^\x20\x21\x23-\x5b\x5d-\x7e]/g,
		(c) => `\\x${c.charCodeAt(0).toString(16).padStart(2, '0').toUpperCase()}`,
	);
}
