import assert from 'node:assert/strict';
import type { Theme } from '../case.ts';
import { type Pair, valuesOf } from '../talk.ts';

/** The lines of a flat list. */
function pairs(raw: readonly string[]): Pair[] {
	const lines: Pair[] = [];
	for (let i = 0; i < raw.length; i += 2) lines.push([raw[i] ?? '', raw[i + 1] ?? '']);
	return lines;
}

/** Lines that were sent, among those that the app saw, flat. */
function sent(raw: readonly string[]): string[] {
	return pairs(raw)
		.filter(([name]) => /^x-/i.test(name))
		.map((line) => line.join('='));
}

const LINES = [
	['X-One', '1'],
	['x-TWO', '2'],
	['X-One', '3'],
] as const;

export const fields: Theme = {
	title: 'Targets and fields',
	cases: [
		{
			name: 'the target arrives byte for byte',
			run: async (bench) => {
				const target = '/describe/..//%7e%2F?a=%20&&b';
				const { text } = await bench.ask({ target });
				const seen = JSON.parse(text) as Record<string, unknown>;
				assert.deepEqual([seen['target'], seen['form'], seen['method']], [target, 'origin', 'GET']);
				assert.equal(seen['authority'], 'matrix.test');
			},
			needs: {
				ability: 'exact targets',
				otherwise: 'dot segments are resolved',
				run: async (bench) => {
					const { text } = await bench.ask({ target: '/x/../describe//%7e%2F?a=%20&&b' });
					const seen = JSON.parse(text) as Record<string, unknown>;
					assert.deepEqual([seen['target'], seen['authority']], ['/describe//%7e%2F?a=%20&&b', 'matrix.test']);
				},
			},
		},
		{
			name: 'request fields keep case, order and duplicates',
			run: async (bench) => {
				const { text } = await bench.ask({ target: '/describe', fields: LINES });
				assert.deepEqual(sent(JSON.parse(text).fields), ['X-One=1', 'x-TWO=2', 'X-One=3']);
			},
			needs: {
				ability: 'rawFields',
				otherwise: 'all values, names in lower case',
				run: async (bench) => {
					const { text } = await bench.ask({ target: '/describe', fields: LINES });
					const { fields: raw } = JSON.parse(text) as { fields: string[] };
					assert.equal(valuesOf(pairs(raw), 'x-one').join(', '), '1, 3');
					assert.equal(valuesOf(pairs(raw), 'x-two').join(', '), '2');
					assert.ok(raw.every((name, i) => i % 2 === 1 || name === name.toLowerCase()));
				},
			},
		},
		{
			name: 'response fields keep case, order and duplicates',
			run: async (bench) => {
				const { head } = await bench.ask({ target: '/fields' });
				const lines = head.fields.filter(([name]) => /^x-(one|two)$/i.test(name)).map((line) => line.join('='));
				assert.deepEqual(lines, ['X-One=1', 'x-TWO=2', 'X-One=3']);
			},
			needs: {
				ability: 'rawFields',
				otherwise: 'all values, in order within a name',
				run: async (bench) => {
					const { head } = await bench.ask({ target: '/fields' });
					assert.equal(valuesOf(head.fields, 'x-one').join(', '), '1, 3');
					assert.equal(valuesOf(head.fields, 'x-two').join(', '), '2');
					if (bench.protocol === 'h2') assert.ok(head.fields.every(([name]) => name === name.toLowerCase()));
				},
			},
		},
		{
			name: 'bytes beyond ASCII in a value arrive as they are',
			run: async (bench) => {
				const { head } = await bench.ask({ target: '/fields' });
				assert.deepEqual(valuesOf(head.fields, 'x-latin'), ['caf\xe9']);
			},
		},
		{
			name: 'each Set-Cookie keeps its own line',
			run: async (bench) => {
				const { head } = await bench.ask({ target: '/cookies' });
				assert.deepEqual(valuesOf(head.fields, 'set-cookie'), ['a=1; Path=/', 'b=2']);
			},
		},
		{
			name: 'cookies arrive as one value',
			run: async (bench) => {
				const cookies: [string, string][] =
					bench.protocol === 'h2'
						? [
								['cookie', 'a=1'],
								['cookie', 'b=2'],
							]
						: [['Cookie', 'a=1; b=2']];
				assert.equal((await bench.ask({ target: '/cookies', fields: cookies })).text, 'cookie: a=1; b=2');
			},
		},
		{
			name: 'framing and connection fields of an app are not sent as they are',
			run: async (bench) => {
				// The memory engine shows fields as the app left them.
				if (bench.protocol === 'memory') return;
				const { head, text, whole } = await bench.ask({ target: '/hop' });
				assert.deepEqual([text, whole], ['hop', true]);
				assert.deepEqual(valuesOf(head.fields, 'transfer-encoding'), []);
				assert.ok(!valuesOf(head.fields, 'keep-alive').includes('timeout=9'));
				assert.ok(!valuesOf(head.fields, 'connection').includes('X-Hop'));
			},
		},
		{
			name: 'a Date is added',
			run: async (bench) => {
				if (bench.protocol === 'memory') return;
				const { head } = await bench.ask({ target: '/hello' });
				assert.equal(valuesOf(head.fields, 'date').length, 1);
			},
		},
	],
};
