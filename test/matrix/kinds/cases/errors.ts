import assert from 'node:assert/strict';
import type { Bench } from '../../case.ts';
import type { KindTheme } from '../kind-case.ts';

/** Whatever went wrong before, the next exchanges are right. */
async function unharmed(bench: Bench): Promise<void> {
	for (let i = 0; i < 3; i++) {
		const { head, text, whole } = await bench.ask({ target: '/hello' });
		assert.deepEqual([head.status, text, whole], [200, 'hello', true]);
	}
}

/** What is cut short is an error, or is seen to be cut short. */
async function visible(bench: Bench, target: string): Promise<void> {
	const talk = bench.client.open({ target });
	const head = await talk.head();
	const { text, whole } = await talk.end();
	assert.ok(!whole || (head?.status ?? 0) >= 500, `"${text}" looks complete`);
	await unharmed(bench);
}

async function hidden(bench: Bench): Promise<void> {
	const { head, text, whole } = await bench.ask({ target: '/breaks' });
	assert.deepEqual([head.status, text, whole], [200, 'half', true]);
	await unharmed(bench);
}

export const errors: KindTheme = {
	title: 'Errors',
	cases: [
		{
			name: 'an app that fails before its head is answered for with 500',
			run: async (bench) => {
				assert.equal((await bench.ask({ target: '/throws' })).head.status, 500);
				await unharmed(bench);
			},
			instead: {
				'silent failures': {
					otherwise: 'with 502',
					run: async (bench) => {
						assert.equal((await bench.ask({ target: '/throws' })).head.status, 502);
						await unharmed(bench);
					},
				},
			},
		},
		{
			name: 'an app that fails behind its head does not look complete',
			run: (bench) => visible(bench, '/breaks'),
			instead: {
				'swallowed failures': { otherwise: 'it does, if it is a generator', run: hidden },
				'unseen truncation': { otherwise: 'it does', run: hidden },
			},
		},
		{
			name: 'an app that fails behind a Content-Length does not look complete',
			run: (bench) => visible(bench, '/breakslength'),
		},
		{
			name: 'a body shorter than its Content-Length does not look complete',
			run: (bench) => visible(bench, '/short'),
		},
		{
			name: 'a body longer than its Content-Length harms no other exchange',
			run: async (bench) => {
				const talk = bench.client.open({ target: '/long' });
				const head = await talk.head();
				const { text } = await talk.end();
				assert.ok((head?.status ?? 0) >= 500 || 'abc'.startsWith(text), text);
				await unharmed(bench);
			},
		},
		{
			name: 'what is written behind the end harms no other exchange',
			run: async (bench) => {
				const key = bench.key();
				const { head, text } = await bench.ask({ target: `/afterend/${key}` });
				assert.deepEqual([head.status, text], [200, 'done']);
				await bench.noted(key, 'wrote');
				await unharmed(bench);
			},
		},
	],
};
