/** Traces are continued or begun, logs and upstreams know of them, and nobody's bad field does harm. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type App, raw, respond, stack } from '../../../src/convention/index.ts';
import { ask, type MemoryRequest } from '../../../src/engine/memory/index.ts';
import { accessLog, errors, type TracingOptions, traceContext, tracing } from '../../../src/middleware/index.ts';
import { reverse } from '../../../src/proxy/index.ts';
import { ok, origin } from '../../support/raw-server.ts';

const TRACE = '0af7651916cd43dd8448eb211c80319c';
const PARENT = `00-${TRACE}-b7ad6b7169203331-01`;

const told: App = (request, context) =>
	respond(
		200,
		null,
		JSON.stringify([
			context.get(traceContext),
			raw(request).fields.get('traceparent'),
			raw(request).fields.get('tracestate'),
		]),
	);

async function seen(
	request: Partial<MemoryRequest>,
	options?: TracingOptions,
): Promise<[{ traceId: string; spanId: string; sampled: boolean }, string, string | null]> {
	return (await ask(tracing(options)(told as never) as App, { target: '/', ...request })).json() as never;
}

test('a trace goes on as it came, with all that vendors say of it', async () => {
	const [trace, parent, state] = await seen({ fields: { traceparent: PARENT, tracestate: 'a=1,b=2' } });
	assert.deepEqual(trace, { traceId: TRACE, spanId: 'b7ad6b7169203331', sampled: true });
	assert.deepEqual([parent, state], [PARENT, 'a=1,b=2']);
});

test('a version of later days is understood as far as it is known', async () => {
	const [trace, parent] = await seen({ fields: { traceparent: `cc-${TRACE}-b7ad6b7169203331-00-what-else` } });
	assert.deepEqual([trace.traceId, trace.sampled], [TRACE, false]);
	assert.match(parent, /^cc-/);
});

for (const [what, value] of [
	['none at all', null],
	['a wrong length', PARENT.slice(1)],
	['capitals', PARENT.toUpperCase()],
	['zeros for the trace', `00-${'0'.repeat(32)}-b7ad6b7169203331-01`],
	['zeros for the parent', `00-${TRACE}-${'0'.repeat(16)}-01`],
	['a version that must not be', `ff-${TRACE}-b7ad6b7169203331-01`],
	['more than version 00 has', `${PARENT}-more`],
	['two of them', `${PARENT}, ${PARENT}`],
	['another alphabet', PARENT.replace('0af', 'xyz')],
] as const) {
	test(`another trace is begun for ${what}`, async () => {
		const fields = { ...(value !== null && { traceparent: value }), tracestate: 'a=1' };
		const [trace, parent, state] = await seen({ fields });
		assert.notEqual(trace.traceId, TRACE);
		assert.equal(parent, `00-${trace.traceId}-${trace.spanId}-00`);
		assert.equal(state, null);
	});
}

test('whose traces are not trusted begins one of ours', async () => {
	for (const trust of [false, () => false]) {
		const [trace] = await seen({ fields: { traceparent: PARENT } }, { trust });
		assert.notEqual(trace.traceId, TRACE);
	}
	const [trace] = await seen({ fields: { traceparent: PARENT } }, { trust: ({ target }) => target === '/' });
	assert.equal(trace.traceId, TRACE);
});

test('access logs and error logs say which trace it was, and upstreams are told', async (t) => {
	const upstream = await origin(t, () => ok('fine'));
	const proxy = reverse(`http://127.0.0.1:${upstream.port}`, { log: () => {} });
	t.after(() => proxy.close());
	const lines: Record<string, unknown>[] = [];
	const failures: unknown[] = [];
	const logger = { info: (entry: object) => lines.push(entry as never), warn: () => {}, error: () => {} };
	const app: App = (request, context) => {
		if (raw(request).target === '/fail') throw new Error('a bug');
		return proxy(request, context);
	};
	const front = stack(
		accessLog({ to: logger as never }),
		tracing(),
		errors({ log: (entry) => failures.push(entry) }),
	)(app);
	await (await ask(front as App, { target: '/', fields: { traceparent: PARENT } })).text();
	assert.equal(upstream.requests[0]?.get('traceparent'), PARENT);
	assert.deepEqual([lines[0]?.['traceId'], lines[0]?.['spanId']], [TRACE, 'b7ad6b7169203331']);
	await ask(front as App, { target: '/fail', fields: { traceparent: PARENT } });
	assert.equal((failures[0] as { traceId?: string }).traceId, TRACE);
});

test('options that cannot be meant', () => {
	assert.throws(() => tracing({ telemetry: {} as never }), /tracing: telemetry must be the module @opentelemetry\/api/);
	assert.throws(() => tracing({ trust: 1 as never }), /tracing: trust must be/);
	assert.throws(() => tracing({ trace: 1 } as never), /tracing: trace: no such option/);
});
