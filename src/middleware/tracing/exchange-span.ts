/** The spans of one exchange: its own, and one for each request to an upstream that it causes. Names and attributes are those of OpenTelemetry's conventions for HTTP. */
import {
	type AttemptTrace,
	type AttemptTracer,
	type Context,
	type FinishedListener,
	type Outcome,
	type RawRequest,
} from '../../convention/index.ts';
import type { FieldList, Fields } from '../../fields/index.ts';
import type { Telemetry, TelemetrySpan, TelemetryTracer } from './options.ts';

const SERVER = 1;
const CLIENT = 2;
const ERROR = 2;

/** How the propagator of the SDK reads and writes fields. */
const getter = {
	get: (fields: Fields, name: string): string | undefined => fields.get(name) ?? undefined,
	keys: (fields: Fields): string[] => [...fields].map(([name]) => name),
};
const setter = { set: (fields: Fields, name: string, value: string): void => fields.set(name, value) };

export class ExchangeSpan implements FinishedListener, AttemptTracer {
	readonly span: TelemetrySpan;
	/** The context of OpenTelemetry in which the app is asked. */
	readonly active: object;
	private readonly telemetry: Telemetry;
	private readonly tracer: TelemetryTracer;
	private attempts = 0;

	/** `continued`: the trace that the request says it belongs to goes on. */
	constructor(
		telemetry: Telemetry,
		tracer: TelemetryTracer,
		request: RawRequest,
		context: Context,
		continued: boolean,
	) {
		this.telemetry = telemetry;
		this.tracer = tracer;
		const { ROOT_CONTEXT, propagation, trace } = telemetry;
		const around = continued
			? propagation.extract(ROOT_CONTEXT as never, request.fields, getter as never)
			: ROOT_CONTEXT;
		const options = { kind: SERVER, attributes: attributesOf(request, context) };
		this.span = tracer.startSpan(methodIn(request.method), options, around as never);
		this.active = trace.setSpan(around as never, this.span as never);
	}

	exchangeFinished(outcome: Outcome): void {
		const { span } = this;
		if (outcome.status > 0) span.setAttribute('http.response.status_code', outcome.status);
		span.setAttribute('http.response.body.size', outcome.bytes);
		if (outcome.status >= 500) fail(span, String(outcome.status));
		else if (!outcome.ok) fail(span, nameOf(outcome.cause));
		span.end();
	}

	attempt(method: string, upstream: { readonly host: string; readonly port: number }, fields: FieldList): AttemptTrace {
		const { telemetry, tracer } = this;
		const resends = this.attempts++;
		const attributes = {
			'http.request.method': methodIn(method),
			'server.address': upstream.host,
			'server.port': upstream.port,
			...(resends > 0 && { 'http.request.resend_count': resends }),
		};
		const span = tracer.startSpan(methodIn(method), { kind: CLIENT, attributes }, this.active as never);
		const context = telemetry.trace.setSpan(this.active as never, span as never);
		telemetry.propagation.inject(context as never, fields, setter as never);
		return new AttemptSpan(span);
	}
}

class AttemptSpan implements AttemptTrace {
	private readonly span: TelemetrySpan;
	private over = false;

	constructor(span: TelemetrySpan) {
		this.span = span;
	}

	answered(status: number): void {
		this.span.setAttribute('http.response.status_code', status);
		if (status >= 400) fail(this.span, String(status));
	}

	ended(): void {
		if (this.over) return;
		this.over = true;
		this.span.end();
	}

	failed(error: unknown): void {
		if (this.over) return;
		fail(this.span, nameOf(error));
		this.ended();
	}
}

function fail(span: TelemetrySpan, type: string): void {
	span.setAttribute('error.type', type);
	span.setStatus({ code: ERROR });
}

/** The stable code of an error; its text may hold what should not be here. */
function nameOf(error: unknown): string {
	const { code, name } = (error ?? {}) as { readonly code?: unknown; readonly name?: unknown };
	return typeof code === 'string' ? code : typeof name === 'string' ? name : '_OTHER';
}

const METHODS: ReadonlySet<string> = new Set('GET HEAD POST PUT DELETE CONNECT OPTIONS TRACE PATCH QUERY'.split(' '));

/** Clients do not make up names of spans. */
function methodIn(method: string): string {
	return METHODS.has(method) ? method : '_OTHER';
}

/** The query is left out, since it may hold secrets. */
function attributesOf(request: RawRequest, { connection }: Context): Record<string, string | number> {
	const { remote, protocol } = connection;
	const agent = request.fields.get('user-agent');
	return {
		'http.request.method': methodIn(request.method),
		'url.path': request.target.split('?', 1)[0] as string,
		'url.scheme': connection.tls === null ? 'http' : 'https',
		'server.address': request.authority,
		'network.protocol.version': protocol,
		...(remote.kind === 'ip' && { 'client.address': remote.host, 'client.port': remote.port }),
		...(agent !== null && { 'user_agent.original': agent }),
	};
}
