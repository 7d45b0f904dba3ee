import assert from 'node:assert/strict';
import { setTimeout as pause } from 'node:timers/promises';
import type { Bench } from '../../case.ts';
import type { KindTheme } from '../kind-case.ts';

const PIECE = new Uint8Array(65_536).fill(0x63);
/** More than sockets and windows hold. */
const PIECES = 200;

/** Servers of blocking apps read so much at a time. */
const BLOCK = 'x'.repeat(16_384);

/** What every app pours at most; no client of a case takes it. */
const MOST = 64_000_000;

/** Looks until it has been the same for a while. */
async function settled(look: () => number | Promise<number>): Promise<number> {
	let last = await look();
	for (let same = 0; same < 8; ) {
		await pause(10);
		const now = await look();
		same = now === last ? same + 1 : 0;
		last = now;
	}
	return last;
}

async function echoes(bench: Bench, pieces: readonly string[], sized: boolean): Promise<void> {
	const body = pieces.join('');
	const fields = sized ? [['Content-Length', String(body.length)] as const] : [];
	const { head, text, whole } = await bench.ask({ target: '/echo', fields }, pieces);
	assert.deepEqual([head.status, text, whole], [200, body, true]);
}

/** The second piece is sent when the first has come back. */
async function flows(bench: Bench, method: string, first: string, second: string, sized: boolean): Promise<void> {
	const whole = first + second;
	const fields = sized ? [['Content-Length', String(whole.length)] as const] : [];
	const talk = bench.client.open({ method, target: '/echo', fields, body: true });
	talk.send(first);
	await talk.reads(first);
	talk.send(second);
	await talk.reads(whole);
	if (!sized || bench.protocol !== 'h1') talk.finish();
	assert.deepEqual(await talk.end(), { text: whole, whole: true, trailers: [] });
}

export const streams: KindTheme = {
	title: 'Streams',
	cases: [
		{
			name: 'a body comes back as it was sent, its length known or not',
			run: async (bench) => {
				await echoes(bench, ['some ', 'text'], true);
				await echoes(bench, ['some ', 'text'], false);
			},
		},
		{
			name: 'a body of known length streams in and out at the same time',
			run: (bench) => flows(bench, 'POST', BLOCK, 'second', true),
			instead: {
				'POST first': {
					otherwise: 'of a PUT, not of a POST',
					run: (bench) => flows(bench, 'PUT', BLOCK, 'second', true),
				},
			},
		},
		{
			name: 'a body of unknown length streams in and out at the same time',
			run: (bench) => flows(bench, 'POST', 'first', 'second', false),
			instead: {
				'whole bodies': {
					otherwise: 'it is taken in first',
					run: (bench) => echoes(bench, ['first', 'second'], false),
				},
			},
		},
		{
			name: 'the events of a stream arrive one by one',
			run: async (bench) => {
				const key = bench.key();
				const talk = bench.client.open({ target: `/events/${key}` });
				await talk.reads('data: one\n\n');
				await bench.release(key);
				const { text, whole } = await talk.end();
				assert.deepEqual([text, whole], ['data: one\n\ndata: two\n\n', true]);
			},
		},
		{
			name: 'a client that does not read holds the app back',
			run: async (bench) => {
				const key = bench.key();
				const talk = bench.client.open({ target: `/pour/${key}` });
				talk.pause();
				const poured = await settled(async () => Number(await bench.text(`/poured/${key}`)));
				assert.ok(poured < MOST / 2, `${poured} bytes were made for a client that takes none`);
				assert.ok(!(await bench.journal(key)).includes('cancelled'));
				talk.leave();
			},
		},
		{
			name: 'an app that does not read holds the client back',
			run: async (bench) => {
				const key = bench.key();
				const length = PIECES * PIECE.length;
				const fields = [['Content-Length', String(length)]] as const;
				const talk = bench.client.open({ target: `/sip/${key}`, fields, body: true });
				for (let i = 0; i < PIECES; i++) talk.send(PIECE);
				if (bench.protocol !== 'h1') talk.finish();
				await bench.noted(key, 'sipped');
				const stuck = await settled(() => talk.stuck);
				assert.ok(stuck > 0, 'all was taken, and the app has read next to nothing');
				await bench.release(key);
				assert.equal(await bench.noted(key, 'read'), `read ${length}`);
				assert.equal((await talk.end()).text, String(length));
			},
		},
		{
			name: 'an answer before the end of the request reaches the client',
			run: async (bench) => {
				const fields = [['Content-Length', String(2 * PIECE.length)]] as const;
				const talk = bench.client.open({ target: '/ignore', fields, body: true });
				talk.send(PIECE);
				assert.equal((await talk.head())?.status, 403);
				assert.equal((await talk.end()).text, 'refused');
				talk.leave();
			},
			instead: {
				'POST first': {
					otherwise: 'behind the request',
					run: async (bench) => {
						const fields = [['Content-Length', String(2 * PIECE.length)]] as const;
						const { head, text } = await bench.ask({ target: '/ignore', fields }, [PIECE, PIECE]);
						assert.deepEqual([head.status, text], [403, 'refused']);
					},
				},
			},
		},
		{
			name: '100 Continue goes out before the body',
			run: async (bench) => {
				// The memory engine has no use for it.
				if (bench.protocol === 'memory') return;
				const fields = [
					['Expect', '100-continue'],
					['Content-Length', '4'],
				] as const;
				const talk = bench.client.open({ target: `/read/${bench.key()}`, fields, body: true });
				await bench.until(() => (void talk.head(), talk.informational.length > 0), '100');
				assert.equal(talk.informational[0]?.status, 100);
				talk.send('body');
				if (bench.protocol === 'h2') talk.finish();
				assert.equal((await talk.end()).text, '4');
			},
		},
	],
};
