import assert from 'node:assert/strict';
import { valuesOf } from '../../talk.ts';
import type { KindTheme } from '../kind-case.ts';

const DOUBLE = [
	['X-One', '1'],
	['X-Two', '2'],
	['X-One', '3'],
] as const;

export const fields: KindTheme = {
	title: 'Paths and fields',
	cases: [
		{
			name: 'what is encoded in path and query arrives decoded',
			run: async (bench) => {
				const { text } = await bench.ask({ target: '/path/a%20b%25%C3%A9?q=a%20b&r=%26' });
				assert.deepEqual(JSON.parse(Buffer.from(text, 'latin1').toString()), ['a b%é', 'a b', '&']);
			},
		},
		{
			name: 'an encoded slash is no separator',
			run: async (bench) => {
				const { text } = await bench.ask({ target: '/path/a%2Fb?q=1&r=2' });
				assert.deepEqual(JSON.parse(text), ['a/b', '1', '2']);
			},
			instead: {
				'encoded slashes': {
					otherwise: 'it stays `%2F`',
					run: async (bench) => {
						const { text } = await bench.ask({ target: '/path/a%2Fb%20c?q=1&r=2' });
						assert.deepEqual(JSON.parse(text), ['a%2Fb c', '1', '2']);
					},
				},
				'decoded paths': {
					otherwise: 'it is decoded first',
					run: async (bench) => {
						const { text } = await bench.ask({ target: '/path/a%2Fb?q=1&r=2' });
						assert.deepEqual(JSON.parse(text), ['a', '1', '2']);
					},
				},
			},
		},
		{
			name: 'below a mount the app is told where it is, and asked for the rest',
			run: async (bench) => {
				const { text } = await bench.ask({ target: '/below/where?x' });
				assert.deepEqual(JSON.parse(text), { mount: '/below', path: '/where' });
				assert.deepEqual(JSON.parse(await bench.text('/where')), { mount: '', path: '/where' });
			},
			instead: {
				'untold mounts': {
					otherwise: 'asked for the rest alone',
					run: async (bench) => {
						assert.deepEqual(JSON.parse(await bench.text('/below/where?x')), { path: '/where' });
					},
				},
			},
		},
		{
			name: 'a field that comes twice arrives with both values',
			run: async (bench) => {
				const { text } = await bench.ask({ target: '/fields', fields: DOUBLE });
				const [one, two] = JSON.parse(text) as [string, string];
				assert.deepEqual([one.split(/, ?/), two], [['1', '3'], '2']);
			},
		},
		{
			name: 'a field that is set twice goes out with both values',
			run: async (bench) => {
				const { head } = await bench.ask({ target: '/fields', fields: DOUBLE });
				// One line or two: RFC 9110 section 5.3.
				assert.deepEqual(valuesOf(head.fields, 'x-out').join(',').split(/, ?/), ['a', 'b']);
			},
		},
		{
			name: 'each Set-Cookie keeps its own line',
			run: async (bench) => {
				const { head } = await bench.ask({ target: '/cookies' });
				const lines = valuesOf(head.fields, 'set-cookie').map((line) => line.toLowerCase());
				assert.deepEqual(lines, ['a=1; path=/', 'b=2; path=/']);
			},
		},
		{
			name: 'cookies arrive as one value',
			run: async (bench) => {
				const cookies: [string, string][] =
					bench.protocol === 'h2'
						? [
								['cookie', 'a=1'],
								['cookie', 'b=2'],
							]
						: [['Cookie', 'a=1; b=2']];
				assert.equal((await bench.ask({ target: '/cookies', fields: cookies })).text, 'a=1; b=2');
			},
		},
	],
};
