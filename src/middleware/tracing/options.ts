/** How traces are made, and by whom. */
import type { Context, RawRequest } from '../../convention/index.ts';
import { checkNames, checkObject, shown } from '../../names/index.ts';

/** Of a span of OpenTelemetry, what is used here. */
export interface TelemetrySpan {
	spanContext(): { readonly traceId: string; readonly spanId: string; readonly traceFlags: number };
	setAttribute(key: string, value: string | number | boolean): unknown;
	setStatus(status: { readonly code: number; readonly message?: string }): unknown;
	addEvent(name: string): unknown;
	end(): void;
}

export interface TelemetryTracer {
	startSpan(name: string, options?: object, context?: never): TelemetrySpan;
}

/** The module `@opentelemetry/api`, as far as it is used here; its contexts are passed on as they are. */
export interface Telemetry {
	readonly ROOT_CONTEXT: object;
	readonly trace: {
		getTracer(name: string): TelemetryTracer;
		setSpan(context: never, span: never): object;
	};
	readonly context: {
		with(context: never, work: () => unknown): unknown;
	};
	readonly propagation: {
		extract(context: never, carrier: unknown, getter: never): object;
		inject(context: never, carrier: unknown, setter: never): void;
	};
}

export interface TracingOptions {
	/**
	 * `import * as telemetry from '@opentelemetry/api'`: exchanges and requests to upstreams become spans of whatever SDK the
	 * program has set up. Default: none; the fields of W3C Trace Context are passed on, and begun where there are none.
	 */
	readonly telemetry?: Telemetry;
	/**
	 * Whose traces are continued: everybody's (true, the default), nobody's (false), or those of requests for which a function
	 * says true. The function only chooses: `turnabout explain` calls it, too.
	 */
	readonly trust?: boolean | ((request: RawRequest, context: Context) => boolean);
}

export interface TracingSettings {
	readonly telemetry: Telemetry | null;
	readonly trusts: (request: RawRequest, context: Context) => boolean;
}

/** Throws TypeError with the option's name and the reason. */
export function tracingSettings(options: TracingOptions): TracingSettings {
	checkObject('tracing', options, '{ telemetry }');
	checkNames('tracing: ', options, ['telemetry', 'trust']);
	const { telemetry = null, trust = true } = options;
	if (telemetry !== null && typeof telemetry.trace?.getTracer !== 'function')
		throw new TypeError(`tracing: telemetry must be the module @opentelemetry/api, not ${shown(telemetry)}`);
	if (typeof trust !== 'boolean' && typeof trust !== 'function')
		throw new TypeError(`tracing: trust must be true, false or a function, not ${shown(trust)}`);
	return { telemetry, trusts: typeof trust === 'function' ? trust : () => trust };
}
