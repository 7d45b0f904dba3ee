import assert from 'node:assert/strict';
import type { Theme } from '../case.ts';
import { valuesOf } from '../talk.ts';

export const informational: Theme = {
	title: 'Interim responses',
	cases: [
		{
			name: '103 and 102 arrive before the answer, with their fields',
			run: async (bench) => {
				const talk = bench.client.open({ target: '/inform' });
				assert.equal((await talk.end()).text, 'informed');
				assert.deepEqual(
					talk.informational.map(({ status }) => status),
					[103, 102],
				);
				assert.deepEqual(valuesOf(talk.informational[0]?.fields ?? [], 'link'), ['</style.css>; rel=preload']);
			},
			needs: {
				ability: 'inform',
				otherwise: 'the answer alone, or with some of them',
				run: async (bench) => {
					assert.equal((await bench.ask({ target: '/inform' })).text, 'informed');
				},
			},
		},
	],
};
