import assert from 'node:assert/strict';
import type { Bench } from '../../case.ts';
import type { KindTheme } from '../kind-case.ts';

async function cutShort(bench: Bench, method: string): Promise<void> {
	const key = bench.key();
	const fields = [['Content-Length', '100']] as const;
	const talk = bench.client.open({ method, target: `/read/${key}`, fields, body: true });
	talk.send('half of it');
	await bench.noted(key, 'asked');
	talk.leave();
	await bench.noted(key, 'failed');
}

export const endings: KindTheme = {
	title: 'Endings',
	cases: [
		{
			name: 'an app that never answers holds up no other exchange',
			run: async (bench) => {
				const keys = [bench.key(), bench.key()];
				const talks = keys.map((key) => bench.client.open({ target: `/never/${key}` }));
				for (const key of keys) await bench.noted(key, 'asked');
				assert.equal(await bench.text('/hello'), 'hello');
				for (const talk of talks) talk.leave();
			},
		},
		{
			name: 'an app that waits is told when its client leaves',
			run: async (bench) => {
				const key = bench.key();
				const talk = bench.client.open({ target: `/never/${key}` });
				await bench.noted(key, 'asked');
				talk.leave();
				await bench.noted(key, 'closed');
			},
			instead: {
				'unseen departures': {
					otherwise: 'when it writes',
					run: async (bench) => {
						const key = bench.key();
						const talk = bench.client.open({ target: `/never/${key}` });
						await bench.noted(key, 'asked');
						talk.leave();
						assert.ok(!(await bench.journal(key)).includes('closed'));
						await bench.release(key);
						await bench.noted(key, 'closed');
					},
				},
			},
		},
		{
			name: 'an app that writes is told when its client leaves',
			run: async (bench) => {
				const key = bench.key();
				const talk = bench.client.open({ target: `/pour/${key}` });
				await talk.reads('aaaa');
				talk.leave();
				await bench.noted(key, 'cancelled');
			},
		},
		{
			name: 'an app that reads is told when its client leaves in the middle of the body',
			run: (bench) => cutShort(bench, 'POST'),
			instead: { 'POST first': { otherwise: 'of a PUT, not of a POST', run: (bench) => cutShort(bench, 'PUT') } },
		},
	],
};
