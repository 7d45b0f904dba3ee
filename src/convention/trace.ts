/** Traces (W3C Trace Context): what an exchange belongs to, and who is told of the requests to upstreams that it causes. Nobody pays who does not trace. */
import type { FieldList } from '../fields/index.ts';
import { type Key, key } from './key.ts';

/** What an exchange is in its trace: for logs. */
export interface TraceContext {
	/** 32 hexadecimal digits. */
	readonly traceId: string;
	/** 16 hexadecimal digits: the part of the trace that this exchange is. */
	readonly spanId: string;
	readonly sampled: boolean;
}

export const traceContext: Key<TraceContext, 'trace context'> = key('trace context');

/** One request to an upstream. Of `answered`, `ended` and `failed` the last one is told once, and `answered` before it or not at all. */
export interface AttemptTrace {
	answered(status: number): void;
	/** All of the response has come, or no more of it will. */
	ended(): void;
	/** No response, or only part of one. */
	failed(error: unknown): void;
}

export interface AttemptTracer {
	/** `fields` go out with the request, and may be changed. */
	attempt(
		method: string,
		upstream: { readonly name: string; readonly host: string; readonly port: number },
		fields: FieldList,
	): AttemptTrace;
}

export const attemptTracer: Key<AttemptTracer, 'attempt tracer'> = key('attempt tracer');
