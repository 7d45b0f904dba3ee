/** The combined log format of Apache and nginx, with the time taken in milliseconds at the end. */
import type { Address, Outcome, RawRequest } from '../../convention/index.ts';
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
	const { fields } = request;
	const address = remote.kind === 'ip' ? remote.host : '-';
	const line = `${request.method} ${redacted(request.target)} HTTP/${request.version}`;
	const status = outcome.status === 0 ? CLIENT_LEFT : outcome.status;
	const referer = fields.get('referer');
	const from = referer === null ? '-' : escaped(redacted(referer));
	const agent = escaped(fields.get('user-agent') ?? '-');
	const cut = outcome.ok ? '' : ' cut-short';
	return `${address} - - [${timestamp(began)}] "${escaped(line)}" ${status} ${outcome.bytes} "${from}" "${agent}" ${milliseconds(took)}${cut}`;
}

/** With one decimal. */
function milliseconds(took: number): string {
	const tenths = Math.round(took * 10);
	return `${Math.floor(tenths / 10)}.${tenths % 10}`;
}

/** nginx's way to say that nobody was there to be answered. */
const CLIENT_LEFT = 499;

let second = 0;
let text = '';

/** `22/Nov/2026:12:59:27 +0000`, made anew once a second. */
function timestamp(at: number): string {
	const now = Math.floor((performance.timeOrigin + at) / 1000);
	if (now === second) return text;
	second = now;
	const date = new Date(now * 1000).toISOString();
	text = `${date.slice(8, 10)}/${MONTHS[Number(date.slice(5, 7)) - 1]}/${date.slice(0, 4)}:${date.slice(11, 19)} +0000`;
	return text;
}

const UNSAFE = /[^\x20\x21\x23-\x5b\x5d-\x7e]/;

/** What could end a quoted part, or confuse a terminal, as `\xHH`. */
function escaped(value: string): string {
	if (!UNSAFE.test(value)) return value;
	return value.replace(
		/[^\x20\x21\x23-\x5b\x5d-\x7e]/g,
		(c) => `\\x${c.charCodeAt(0).toString(16).padStart(2, '0').toUpperCase()}`,
	);
}
