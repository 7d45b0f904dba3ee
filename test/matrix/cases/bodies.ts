import assert from 'node:assert/strict';
import type { Theme } from '../case.ts';
import { valuesOf } from '../talk.ts';

export const bodies: Theme = {
	title: 'Answers and their bodies',
	cases: [
		{
			name: 'an app may answer at once or later',
			run: async (bench) => {
				for (const target of ['/hello', '/later']) {
					const { head, text, whole } = await bench.ask({ target });
					assert.equal(head.status, 200);
					assert.deepEqual([text, whole], ['hello', true]);
				}
			},
		},
		{
			name: 'a payload of known length says its length',
			run: async (bench) => {
				const { head, text } = await bench.ask({ target: '/length' });
				assert.equal(text, 'twelve bytes');
				if (bench.protocol !== 'memory') assert.deepEqual(valuesOf(head.fields, 'content-length'), ['12']);
			},
		},
		{
			name: 'a payload of unknown length comes whole',
			run: async (bench) => {
				const { head, text, whole } = await bench.ask({ target: '/unknown' });
				assert.deepEqual([text, whole], ['one two three', true]);
				// An engine may have seen all of it before it wrote the head.
				for (const length of valuesOf(head.fields, 'content-length')) assert.equal(length, '13');
			},
		},
		{
			name: 'three megabytes come whole',
			run: async (bench) => {
				const { text, whole } = await bench.ask({ target: '/large' });
				assert.deepEqual([text.length, whole], [3_000_000, true]);
			},
		},
		{
			name: 'HEAD is answered without a body',
			run: async (bench) => {
				for (const [target, length] of [
					['/length', '12'],
					['/unknown', '13'],
				] as const) {
					const { head, text } = await bench.ask({ method: 'HEAD', target });
					assert.deepEqual([head.status, text], [200, '']);
					// RFC 9110 section 8.6: that of GET or none.
					for (const told of valuesOf(head.fields, 'content-length')) assert.equal(told, length);
					if (bench.protocol !== 'memory') assert.equal(valuesOf(head.fields, 'date').length, 1);
				}
			},
		},
		{
			name: '204, 205 and 304 have no body',
			run: async (bench) => {
				for (const status of [204, 205, 304]) {
					const { head, text, whole } = await bench.ask({ target: `/status/${status}` });
					assert.deepEqual([head.status, text, whole], [status, '', true]);
					if (status === 204) assert.deepEqual(valuesOf(head.fields, 'content-length'), []);
				}
			},
			needs: {
				ability: 'ended 205',
				otherwise: '204 and 304; no length in a 205',
				run: async (bench) => {
					for (const status of [204, 304]) {
						const { head, text, whole } = await bench.ask({ target: `/status/${status}` });
						assert.deepEqual([head.status, text, whole], [status, '', true]);
					}
					const head = await bench.client.open({ target: '/status/205' }).head();
					assert.equal(head?.status, 205);
					assert.deepEqual(valuesOf(head?.fields ?? [], 'content-length'), []);
				},
			},
		},
		{
			name: 'a fetch handler reads the request and answers with a native Response',
			run: async (bench) => {
				const { text } = await bench.ask({ target: '/web' }, ['some ', 'text']);
				assert.deepEqual(JSON.parse(text), { got: 'some text', path: '/web' });
			},
		},
		{
			name: 'a web stream that is passed on comes back whole',
			run: async (bench) => {
				const { head, text } = await bench.ask({ target: '/webstream' }, ['some ', 'text']);
				assert.equal(text, 'some text');
				assert.deepEqual(valuesOf(head.fields, 'x-through'), ['web']);
			},
		},
		{
			name: 'trailers of a response arrive',
			run: async (bench) => {
				const { text, trailers } = await bench.ask({ target: '/trailers' });
				assert.equal(text, 'one two');
				assert.deepEqual(valuesOf(trailers, 'x-sum'), ['42']);
			},
			needs: {
				ability: 'trailers',
				otherwise: 'body without them',
				run: async (bench) => {
					const { text, trailers } = await bench.ask({ target: '/trailers' });
					assert.deepEqual([text, trailers], ['one two', []]);
				},
			},
		},
		{
			name: 'trailers of a request arrive',
			run: async (bench) => {
				const talk = bench.client.open({ target: '/collect', body: true });
				talk.send('body');
				talk.finish([['x-check', '7']]);
				assert.equal((await talk.end()).text.toLowerCase(), 'body|x-check=7');
			},
			needs: {
				ability: 'trailers',
				otherwise: 'body without them',
				run: async (bench) => {
					const talk = bench.client.open({ target: '/collect', body: true });
					talk.send('body');
					talk.finish([['x-check', '7']]);
					assert.equal((await talk.end()).text, 'body|');
				},
			},
		},
		{
			name: 'what an app leaves to waitUntil is done after the answer',
			run: async (bench) => {
				const key = bench.key();
				assert.equal((await bench.ask({ target: `/background/${key}` })).text, 'at once');
				await bench.release(key);
				await bench.noted(key, 'done');
			},
		},
	],
};
