import assert from 'node:assert/strict';
import type { Theme } from '../case.ts';
import { valuesOf } from '../talk.ts';

export const errors: Theme = {
	title: 'Errors',
	cases: [
		{
			name: 'an app that throws or rejects is answered for with 500 and no details',
			run: async (bench) => {
				for (const target of ['/throws', '/rejects', '/nothing']) {
					const { head, text } = await bench.ask({ target });
					assert.equal(head.status, 500);
					assert.ok(!text.includes('secret'));
				}
			},
		},
		{
			name: 'an HttpError is answered with its status, fields and message',
			run: async (bench) => {
				const { head, text } = await bench.ask({ target: '/teapot' });
				assert.deepEqual([head.status, text], [418, 'short and stout\n']);
				assert.deepEqual(valuesOf(head.fields, 'x-spout'), ['1']);
			},
		},
		{
			name: 'Abort drops the exchange without an answer',
			run: async (bench) => {
				assert.equal(await bench.client.open({ target: '/drop' }).head(), null);
			},
			needs: {
				ability: 'silence',
				otherwise: 'a 500 that is cut short',
				run: async (bench) => {
					const talk = bench.client.open({ target: '/drop' });
					assert.equal((await talk.head())?.status, 500);
					const { text, whole } = await talk.end();
					assert.deepEqual([text, whole], ['', false]);
				},
			},
		},
		{
			name: 'a Content-Length that the payload contradicts is an error before the head',
			run: async (bench) => {
				assert.equal((await bench.ask({ target: '/short' })).head.status, 500);
			},
		},
		{
			name: 'a payload that runs shorter or longer than its Content-Length does not look complete',
			run: async (bench) => {
				const short = await bench.client.open({ target: '/runsshort' }).end();
				assert.equal(short.whole, false);
				const key = bench.key();
				const long = bench.client.open({ target: `/runslong/${key}` });
				const { text } = await long.end();
				assert.ok(text.length <= 4);
				assert.match(await bench.noted(key, 'finished'), /^finished false 200/);
			},
		},
		{
			name: 'a source that fails behind the head does not look complete',
			run: async (bench) => {
				for (const name of ['breaks', 'breakslength', 'badtrailers']) {
					const key = bench.key();
					const { whole } = await bench.client.open({ target: `/${name}/${key}` }).end();
					assert.equal(whole, false, name);
					assert.match(await bench.noted(key, 'finished'), /^finished false 200/);
				}
			},
		},
		{
			name: 'after an error the engine answers on',
			run: async (bench) => {
				assert.equal((await bench.ask({ target: '/hello' })).text, 'hello');
			},
		},
	],
};
