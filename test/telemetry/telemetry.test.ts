/** The spans of an exchange, by OpenTelemetry's own SDK: the exchange, each request to an upstream, retries; and what upstreams are told. */
import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import * as telemetry from '@opentelemetry/api';
import {
	InMemorySpanExporter,
	NodeTracerProvider,
	type ReadableSpan,
	SimpleSpanProcessor,
} from '@opentelemetry/sdk-trace-node';
import { type App, raw, respond, stack, traceContext } from '../../src/index.ts';
import { tracing } from '../../src/middleware/index.ts';
import { reverse } from '../../src/proxy/index.ts';
import { upstreams } from '../../src/upstreams/index.ts';
import { listen, portOf } from '../support/engines.ts';
import { ok, origin, rawServer } from '../support/raw-server.ts';
import { until } from '../support/until.ts';

const exporter = new InMemorySpanExporter();
new NodeTracerProvider({ spanProcessors: [new SimpleSpanProcessor(exporter)] }).register();

const TRACE = '0af7651916cd43dd8448eb211c80319c';
const PARENT = `00-${TRACE}-b7ad6b7169203331-01`;

async function front(t: TestContext, app: App): Promise<string> {
	exporter.reset();
	const listener = await listen(t, stack(tracing({ telemetry }))(app) as App, { log: () => {} });
	return `http://127.0.0.1:${portOf(listener)}`;
}

async function spans(count: number): Promise<ReadableSpan[]> {
	await until(() => exporter.getFinishedSpans().length >= count, `${count} spans`);
	return exporter.getFinishedSpans();
}

const parentOf = (span?: ReadableSpan): string | undefined => span?.parentSpanContext?.spanId;

test('an exchange and its request to an upstream, in the trace of the client', async (t) => {
	const behind = await origin(t, () => ok('fine'));
	const proxy = reverse(`http://127.0.0.1:${behind.port}`, { log: () => {} });
	t.after(() => proxy.close());
	const url = await front(t, proxy);
	const answer = await fetch(`${url}/shop?token=secret`, { headers: { traceparent: PARENT, tracestate: 'a=1' } });
	assert.equal(await answer.text(), 'fine');
	const [client, server] = (await spans(2)) as [ReadableSpan, ReadableSpan];
	assert.deepEqual(
		[server.name, server.kind, client.kind],
		['GET', telemetry.SpanKind.SERVER, telemetry.SpanKind.CLIENT],
	);
	assert.equal(server.spanContext().traceId, TRACE);
	assert.deepEqual([parentOf(server), parentOf(client)], ['b7ad6b7169203331', server.spanContext().spanId]);
	const { attributes } = server;
	assert.equal(attributes['http.request.method'], 'GET');
	assert.equal(attributes['http.response.status_code'], 200);
	assert.equal(attributes['url.path'], '/shop');
	assert.equal(attributes['client.address'], '127.0.0.1');
	assert.equal(attributes['http.response.body.size'], 4);
	assert.equal(JSON.stringify(attributes).includes('secret'), false);
	assert.equal(client.attributes['server.port'], behind.port);
	const [seen] = behind.requests;
	assert.equal(seen?.get('traceparent'), `00-${TRACE}-${client.spanContext().spanId}-01`);
	assert.equal(seen?.get('tracestate'), 'a=1');
});

test('each attempt is a span, and says that it failed', async (t) => {
	const heard: (string | null)[] = [];
	const bad = await rawServer(t, async (peer) => {
		heard.push((await peer.message()).get('traceparent'));
		peer.destroy();
	});
	const good = await origin(t, () => ok('fine'));
	const urls = [bad, good].map(({ port }) => `http://127.0.0.1:${port}`);
	const group = upstreams(urls, { log: () => {}, reverse: { log: () => {} } });
	t.after(() => group.close());
	const url = await front(t, group);
	assert.equal(await (await fetch(url)).text(), 'fine');
	const all = await spans(3);
	const attempts = all.filter(({ kind }) => kind === telemetry.SpanKind.CLIENT);
	assert.deepEqual(
		attempts.map(({ attributes, status }) => [
			attributes['server.port'],
			attributes['http.request.resend_count'],
			status.code,
		]),
		[
			[bad.port, undefined, telemetry.SpanStatusCode.ERROR],
			[good.port, 1, telemetry.SpanStatusCode.UNSET],
		],
	);
	assert.equal(attempts[0]?.attributes['error.type'], 'UPSTREAM_CONNECTION_TERMINATED');
	assert.notEqual(heard[0], good.requests[0]?.get('traceparent'));
});

test('nobody there: both spans say so', async (t) => {
	const proxy = reverse('http://127.0.0.1:1', { log: () => {} });
	t.after(() => proxy.close());
	const url = await front(t, proxy);
	assert.equal((await fetch(url)).status, 502);
	const [client, server] = await spans(2);
	assert.equal(client?.attributes['error.type'], 'UPSTREAM_CONNECTION_REFUSED');
	assert.deepEqual([server?.attributes['error.type'], server?.status.code], ['502', telemetry.SpanStatusCode.ERROR]);
});

test('what the app does is within the span, and its context is known', async (t) => {
	const url = await front(t, async (request, context) => {
		await Promise.resolve();
		const span = telemetry.trace.getTracer('app').startSpan('work');
		span.end();
		return respond(200, null, `${context.get(traceContext)?.traceId} ${raw(request).target}`);
	});
	const text = await (await fetch(url)).text();
	const [work, server] = (await spans(2)) as [ReadableSpan, ReadableSpan];
	assert.equal(work.name, 'work');
	assert.equal(parentOf(work), server.spanContext().spanId);
	assert.equal(text, `${server.spanContext().traceId} /`);
});

test('a client that leaves, and methods that clients make up', async (t) => {
	const url = await front(t, () => new Promise<Response>(() => {}));
	const leaving = new AbortController();
	const asked = fetch(url, { method: 'BREW', signal: leaving.signal }).catch(() => {});
	setTimeout(() => leaving.abort(), 50);
	await asked;
	const [server] = await spans(1);
	assert.equal(server?.name, '_OTHER');
	assert.equal(server?.attributes['error.type'], 'DISCONNECTED');
});
