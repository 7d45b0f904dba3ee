/**
 * Traces: an exchange takes its place in the trace that its request says it belongs to (W3C Trace Context), logs know of it, and
 * so do upstreams. With OpenTelemetry, it and each request to an upstream are spans.
 */
import {
	type App,
	attemptTracer,
	type Context,
	type Explanation,
	type Layer,
	layer,
	type RawRequest,
	raw,
	traceContext,
} from '../../convention/index.ts';
import { ExchangeSpan } from './exchange-span.ts';
import { type TracingOptions, type TracingSettings, tracingSettings } from './options.ts';
import { formatTraceParent, newTrace, parseTraceParent } from './trace-parent.ts';

const SOURCE = 'W3C Trace Context section 3';

/** Throws TypeError with the option's name and the reason. */
export function tracing(options: TracingOptions = {}): Layer<typeof traceContext> {
	const settings = tracingSettings(options);
	const wrap = settings.telemetry === null ? passedOn(settings) : recorded(settings, settings.telemetry);
	const explain = (request: RawRequest, context: Context): Explanation => explained(settings, request, context);
	return layer({ name: 'tracing', proves: [traceContext], explain }, wrap);
}

/** Without anybody who records, the trace goes on through us as it came: a part that nobody knows would be missing in it. */
function passedOn({ trusts }: TracingSettings): (next: App) => App {
	return (next) => (given, context) => {
		const request = raw(given);
		const { fields } = request;
		const said = trusts(request, context) ? parseTraceParent(fields.get('traceparent')) : null;
		const trace = said ?? newTrace();
		if (said === null) {
			fields.set('traceparent', formatTraceParent(trace));
			// It belongs to a trace that is not continued.
			fields.delete('tracestate');
		}
		context.set(traceContext, trace);
		return next(given, context, context);
	};
}

function recorded(
	{ trusts }: TracingSettings,
	telemetry: NonNullable<TracingSettings['telemetry']>,
): (next: App) => App {
	const tracer = telemetry.trace.getTracer('turnabout');
	return (next) => (given, context) => {
		const request = raw(given);
		const exchange = new ExchangeSpan(telemetry, tracer, request, context, trusts(request, context));
		const { traceId, spanId, traceFlags } = exchange.span.spanContext();
		context.set(traceContext, { traceId, spanId, sampled: (traceFlags & 1) === 1 });
		context.set(attemptTracer, exchange);
		context.onFinished(exchange);
		return telemetry.context.with(exchange.active as never, () => next(given, context, context)) as ReturnType<App>;
	};
}

function explained({ telemetry, trusts }: TracingSettings, request: RawRequest, context: Context): Explanation {
	const said = trusts(request, context) ? parseTraceParent(request.fields.get('traceparent')) : null;
	const begins = said === null ? 'Begins a trace.' : `Continues the trace ${said.traceId}.`;
	const records = telemetry === null ? [] : ['Records a span, and one for each request to an upstream.'];
	const sets = { what: 'sets', name: 'traceparent', on: 'request', source: SOURCE } as const;
	return {
		does: [begins, ...records, 'Passes the request on, with its trace.'],
		fields: telemetry === null && said !== null ? [] : [sets],
	};
}
