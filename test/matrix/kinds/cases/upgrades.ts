import assert from 'node:assert/strict';
import { converse, HEARD, openingOf } from '../../websocket.ts';
import type { KindTheme } from '../kind-case.ts';

export const upgrades: KindTheme = {
	title: 'Upgrades',
	cases: [
		{
			name: 'a WebSocket opens, talks both ways and closes',
			run: async (bench) => {
				const talk = bench.client.open(openingOf(bench, '/socket'));
				assert.equal((await talk.head())?.status, bench.protocol === 'h2' ? 200 : 101);
				assert.match(await converse(talk), HEARD);
			},
			instead: {
				'no tunnels': {
					otherwise: 'a request like others',
					run: async (bench) => {
						assert.equal((await bench.client.open(openingOf(bench, '/socket')).head())?.status, 404);
					},
				},
			},
		},
	],
};
