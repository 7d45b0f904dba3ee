import assert from 'node:assert/strict';
import type { Theme } from '../case.ts';
import { valuesOf } from '../talk.ts';

/** Lines that were sent, among those that the app saw, flat. */
function sent(raw: readonly string[], lower: boolean): string[] {
	const lines: string[] = [];
	for (let i = 0; i < raw.length; i += 2) {
		if (raw[i]?.toLowerCase().startsWith('x-')) lines.push(`${lower ? raw[i]?.toLowerCase() : raw[i]}=${raw[i + 1]}`);
	}
	return lines;
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
		},
		{
			name: 'request fields keep case, order and duplicates',
			run: async (bench) => {
				const { text } = await bench.ask({ target: '/describe', fields: LINES });
				assert.deepEqual(sent(JSON.parse(text).fields, false), ['X-One=1', 'x-TWO=2', 'X-One=3']);
			},
			needs: {
				ability: 'rawFields',
				otherwise: 'lower case, duplicates kept',
				run: async (bench) => {
					const { text } = await bench.ask({ target: '/describe', fields: LINES });
					assert.deepEqual(sent(JSON.parse(text).fields, true).sort(), ['x-one=1', 'x-one=3', 'x-two=2']);
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
				otherwise: 'lower case, duplicates kept',
				run: async (bench) => {
					const { head } = await bench.ask({ target: '/fields' });
					assert.deepEqual(valuesOf(head.fields, 'x-one').join(', '), '1, 3');
					assert.ok(head.fields.every(([name]) => name === name.toLowerCase()));
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
