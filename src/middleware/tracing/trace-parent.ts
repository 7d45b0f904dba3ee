/** The field `traceparent` (W3C Trace Context section 3.2). */
import type { TraceContext } from '../../convention/index.ts';

const FORM = /^([0-9a-f]{2})-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})(-.*)?$/;
const SAMPLED = 1;

/** What it says, or null: a value that breaks the rules begins a new trace (section 3.2.2.5 and 4.3). */
export function parseTraceParent(value: string | null): TraceContext | null {
	const match = value === null ? null : FORM.exec(value.trim());
	if (match === null) return null;
	const [, version = '', traceId = '', spanId = '', flags = '', rest] = match;
	if (version === 'ff' || (version === '00' && rest !== undefined)) return null;
	if (/^0+$/.test(traceId) || /^0+$/.test(spanId)) return null;
	return { traceId, spanId, sampled: (Number.parseInt(flags, 16) & SAMPLED) === SAMPLED };
}

export function formatTraceParent({ traceId, spanId, sampled }: TraceContext): string {
	return `00-${traceId}-${spanId}-0${sampled ? SAMPLED : 0}`;
}

/** Nobody records what nobody has asked to be recorded. */
export function newTrace(): TraceContext {
	const bytes = Array.from(crypto.getRandomValues(new Uint8Array(24)), hex).join('');
	return { traceId: bytes.slice(0, 32), spanId: bytes.slice(32), sampled: false };
}

const hex = (byte: number): string => byte.toString(16).padStart(2, '0');
