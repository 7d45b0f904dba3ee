import assert from 'node:assert/strict';
import type { Theme } from '../case.ts';
import { valuesOf } from '../talk.ts';

const PIECE = new Uint8Array(65_536).fill(0x63);
/** More than sockets and windows hold. */
const PIECES = 200;

export const streams: Theme = {
	title: 'Streams',
	cases: [
		{
			name: 'a body streams in and out at the same time',
			run: async (bench) => {
				const talk = bench.client.open({ target: '/echo', body: true });
				talk.send('first');
				await talk.reads('first');
				talk.send('second');
				await talk.reads('firstsecond');
				talk.finish();
				const { text, whole } = await talk.end();
				assert.deepEqual([text, whole], ['firstsecond', true]);
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
				await bench.noted(key, 'paused');
				assert.ok(!(await bench.journal(key)).includes('cancelled'));
				talk.leave();
				await bench.noted(key, 'cancelled');
			},
		},
		{
			name: 'an app that does not read holds the client back',
			run: async (bench) => {
				const key = bench.key();
				const talk = bench.client.open({ target: `/sip/${key}`, body: true });
				for (let i = 0; i < PIECES; i++) talk.send(PIECE);
				talk.finish();
				await bench.noted(key, 'sipped');
				await bench.release(key);
				const held = Number((await bench.noted(key, 'held')).split(' ')[1]);
				assert.ok(held < 1_000_000, `${held} bytes were taken before they were asked for`);
				assert.equal((await talk.end()).text, String(PIECES * PIECE.length));
			},
		},
		{
			name: 'the length of a request body is known where it was declared',
			run: async (bench) => {
				const fields = [['Content-Length', '4']] as const;
				const { text } = await bench.ask({ target: '/describe', fields }, ['body']);
				assert.equal(JSON.parse(text).length, 4);
				const { text: unknown } = await bench.ask({ target: '/describe' }, ['body']);
				assert.equal(JSON.parse(unknown).length, null);
			},
		},
		{
			name: '100 Continue goes out when the app asks for the body',
			run: async (bench) => {
				const fields = [['Expect', '100-continue']] as const;
				const talk = bench.client.open({ target: '/collect', fields, body: true });
				if (bench.protocol !== 'memory')
					await bench.until(() => (void talk.head(), talk.informational.length > 0), '100');
				if (bench.protocol !== 'memory') assert.equal(talk.informational[0]?.status, 100);
				talk.send('body');
				talk.finish();
				assert.equal((await talk.end()).text, 'body|');
			},
		},
		{
			name: 'an app that does not want the body answers without 100 Continue',
			run: async (bench) => {
				const fields = [['Expect', '100-continue']] as const;
				const talk = bench.client.open({ target: '/ignore', fields, body: true });
				assert.equal((await talk.head())?.status, 403);
				assert.deepEqual(talk.informational, []);
				assert.equal((await talk.end()).text, 'refused');
			},
			needs: {
				ability: 'late 100',
				otherwise: '100 Continue goes out first',
				run: async (bench) => {
					const fields = [['Expect', '100-continue']] as const;
					const talk = bench.client.open({ target: '/ignore', fields, body: true });
					assert.equal((await talk.head())?.status, 403);
					assert.deepEqual(
						talk.informational.map(({ status }) => status),
						[100],
					);
					assert.equal((await talk.end()).text, 'refused');
				},
			},
		},
		{
			name: 'an answer before the end of the request reaches the client',
			run: async (bench) => {
				const talk = bench.client.open({ target: '/ignore', body: true });
				talk.send(PIECE);
				assert.equal((await talk.head())?.status, 403);
				assert.equal((await talk.end()).text, 'refused');
				assert.deepEqual(valuesOf((await talk.head())?.fields ?? [], 'content-type'), ['text/plain']);
			},
		},
	],
};
