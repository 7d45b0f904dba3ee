import assert from 'node:assert/strict';
import type { Theme } from '../case.ts';

export const abort: Theme = {
	title: 'Endings',
	cases: [
		{
			name: 'an app that waits is told when its client leaves',
			run: async (bench) => {
				const key = bench.key();
				const talk = bench.client.open({ target: `/never/${key}` });
				await bench.noted(key, 'asked');
				talk.leave();
				await bench.noted(key, 'closed');
				await bench.noted(key, 'aborted');
				assert.match(await bench.noted(key, 'finished'), /^finished false 0 0/);
			},
		},
		{
			name: 'an app that reads is told when its client leaves in the middle of the body',
			run: async (bench) => {
				const key = bench.key();
				const talk = bench.client.open({ target: `/reads/${key}`, body: true });
				talk.send('half of it');
				await bench.noted(key, 'asked');
				talk.leave();
				// TLS knows no reset: there it may be a request that was cut short.
				assert.match(await bench.noted(key, 'failed'), /^failed (Disconnected|ProtocolError)$/);
			},
		},
		{
			name: 'a source is cancelled when its client leaves',
			run: async (bench) => {
				const key = bench.key();
				const talk = bench.client.open({ target: `/pour/${key}` });
				await talk.reads('aaaa');
				talk.leave();
				await bench.noted(key, 'cancelled');
				assert.match(await bench.noted(key, 'finished'), /^finished false 200/);
			},
		},
		{
			name: 'finished tells status and bytes of a response that is out',
			run: async (bench) => {
				const key = bench.key();
				await bench.ask({ target: `/length/${key}` });
				assert.equal(await bench.noted(key, 'finished'), 'finished true 200 12');
			},
		},
	],
};
