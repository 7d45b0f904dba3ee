import assert from 'node:assert/strict';
import { valuesOf } from '../../talk.ts';
import type { KindTheme } from '../kind-case.ts';

const LARGE = 3_000_000;

export const answers: KindTheme = {
	title: 'Answers',
	cases: [
		{
			name: 'the method and the status are those that were meant',
			run: async (bench) => {
				// RFC 9110 section 8.6: a client should say so when a method that means a body comes without one.
				const none = { fields: [['Content-Length', '0']] } as const;
				for (const method of ['GET', 'PUT', 'PATCH', 'DELETE']) {
					const bare = method === 'GET' ? {} : none;
					assert.equal((await bench.ask({ method, target: '/method', ...bare })).text, method);
				}
				for (const status of [200, 201, 404, 410, 418, 503]) {
					const { head, text, whole } = await bench.ask({ target: `/status/${status}` });
					assert.deepEqual([head.status, text, whole], [status, `status ${status}`, true]);
				}
			},
		},
		{
			name: 'HEAD is answered as GET, without a body',
			run: async (bench) => {
				const { head, text, whole } = await bench.ask({ method: 'HEAD', target: '/hello' });
				assert.deepEqual([head.status, text, whole], [200, '', true]);
				// RFC 9110 section 9.3.2: what only a body would tell may be left out.
				for (const type of valuesOf(head.fields, 'content-type')) assert.match(type, /^text\/plain/);
				for (const length of valuesOf(head.fields, 'content-length')) assert.equal(length, '5');
				assert.equal((await bench.ask({ method: 'HEAD', target: '/large' })).text, '');
			},
		},
		{
			name: '204 and 304 have no body',
			run: async (bench) => {
				for (const status of [204, 304]) {
					const { head, text, whole } = await bench.ask({ target: `/status/${status}` });
					assert.deepEqual([head.status, text, whole], [status, '', true]);
					assert.deepEqual(valuesOf(head.fields, 'etag'), ['"1"']);
				}
			},
		},
		{
			name: 'a redirect goes where the app says',
			run: async (bench) => {
				const { head } = await bench.ask({ target: '/redirect' });
				assert.equal(head.status, 303);
				assert.deepEqual(valuesOf(head.fields, 'location'), ['/hello?from=redirect']);
			},
		},
		{
			name: 'JSON comes in and goes out',
			run: async (bench) => {
				const body = '{"a":[1,"é"]}';
				for (const length of [[], [['Content-Length', String(Buffer.byteLength(body))] as const]]) {
					const fields = [['Content-Type', 'application/json'] as const, ...length];
					const { head, text } = await bench.ask({ target: '/json', fields }, [body]);
					assert.equal(head.status, 201);
					assert.match(valuesOf(head.fields, 'content-type').join(), /^application\/json/);
					assert.deepEqual(JSON.parse(Buffer.from(text, 'latin1').toString()), { got: { a: [1, 'é'] } });
				}
			},
		},
		{
			name: 'three megabytes come whole',
			run: async (bench) => {
				const { text, whole } = await bench.ask({ target: '/large' });
				assert.deepEqual([text.length, whole], [LARGE, true]);
			},
		},
		{
			name: 'three megabytes of known length go in whole',
			run: async (bench) => {
				const fields = [['Content-Length', String(LARGE)]] as const;
				const { text } = await bench.ask({ target: `/read/${bench.key()}`, fields }, [new Uint8Array(LARGE)]);
				assert.equal(text, String(LARGE));
			},
		},
		{
			name: 'three megabytes of unknown length go in whole',
			run: async (bench) => {
				const { text } = await bench.ask({ target: `/read/${bench.key()}` }, [new Uint8Array(LARGE)]);
				assert.equal(text, String(LARGE));
			},
			instead: {
				'bounded bodies': {
					otherwise: 'one does; more is 413',
					run: async (bench) => {
						const { text } = await bench.ask({ target: `/read/${bench.key()}` }, [new Uint8Array(1_000_000)]);
						assert.equal(text, '1000000');
						const talk = bench.client.open({ target: `/read/${bench.key()}`, body: true });
						talk.send(new Uint8Array(LARGE));
						assert.equal((await talk.head())?.status, 413);
						talk.leave();
					},
				},
			},
		},
	],
};
