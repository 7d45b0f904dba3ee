import assert from 'node:assert/strict';
import type { Bench, Theme } from '../case.ts';
import type { Ask } from '../talk.ts';

const upgrade: Ask = { target: '/tunnel', offer: 'echo' };
const connect: Ask = { method: 'CONNECT', target: 'tunnel.test:443' };

async function echoes(bench: Bench, ask: Ask, status: number): Promise<void> {
	const talk = bench.client.open(ask);
	assert.equal((await talk.head())?.status, status);
	talk.send('ping');
	await talk.reads('ping');
	talk.send('pong');
	await talk.reads('pingpong');
	talk.finish();
	assert.equal((await talk.end()).text, 'pingpong(end)');
}

const switched = (bench: Bench): number => (bench.protocol === 'h2' ? 200 : 101);

/** Without tunnels, nothing is offered to the app. */
async function plain(bench: Bench): Promise<void> {
	assert.equal((await bench.ask(upgrade)).text, 'offers ');
}

export const tunnels: Theme = {
	title: 'Tunnels',
	cases: [
		{
			name: 'Upgrade, or extended CONNECT, opens a tunnel; its halves end on their own',
			run: (bench) => echoes(bench, upgrade, switched(bench)),
			needs: { ability: 'tunnel', otherwise: 'nothing is offered', run: plain },
		},
		{
			name: 'CONNECT opens a tunnel; its halves end on their own',
			run: (bench) => echoes(bench, connect, 200),
			needs: {
				ability: 'tunnel',
				otherwise: 'refused',
				run: async (bench) => {
					const head = await bench.client.open(connect).head();
					assert.ok(head === null || head.status >= 400);
				},
			},
		},
		{
			name: 'bytes that come before the answer belong to the tunnel',
			run: async (bench) => {
				// The memory engine has a client's end only when the tunnel is there.
				if (bench.protocol === 'memory') return;
				const talk = bench.client.open(connect);
				talk.send('early');
				await talk.reads('early');
				talk.finish();
				assert.equal((await talk.end()).text, 'early(end)');
			},
			needs: { ability: 'tunnel', otherwise: 'nothing is offered', run: plain },
		},
		{
			name: 'an offer that the app declines gets an ordinary answer',
			run: async (bench) => {
				const { head, text } = await bench.ask({ target: '/declined', offer: 'echo' });
				assert.deepEqual([head.status, text], [404, 'no such tunnel']);
				const refused = await bench.ask({ method: 'CONNECT', target: 'declined.test:443' });
				assert.deepEqual([refused.head.status, refused.text], [404, 'no such tunnel']);
			},
			needs: {
				ability: 'tunnel',
				otherwise: 'Upgrade; CONNECT is refused',
				run: async (bench) => {
					const { head, text } = await bench.ask({ target: '/declined', offer: 'echo' });
					assert.deepEqual([head.status, text], [404, 'no such tunnel']);
					const refused = await bench.ask({ method: 'CONNECT', target: 'declined.test:443' });
					assert.equal(refused.head.status, 501);
				},
			},
		},
		{
			name: 'a tunnel that nobody offered is an error of the app',
			run: async (bench) => {
				assert.equal((await bench.ask({ target: '/forced' })).head.status, 500);
			},
		},
	],
};
