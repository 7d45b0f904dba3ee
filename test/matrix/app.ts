/**
 * The one app that every engine of the matrix serves, in this process or in a child: the first part of the path names
 * what to do, the second a key under which it is written down what happened. `/journal/KEY` tells it, `/release/KEY`
 * lets go of what waits; so a case needs nothing but requests.
 */
import { collectText, type Sink, type Source, type Tunnel } from '../../src/bytes/index.ts';
import { Abort, type App, type Context, HttpError, type RawRequest, raw, respond } from '../../src/convention/index.ts';
import { FieldList } from '../../src/fields/index.ts';
import { journal, note, release, released } from './journal.ts';

const text = { 'content-type': 'text/plain' };

type Answer = (request: RawRequest, context: Context, key: string, original: Request) => Response | Promise<Response>;

/** A source of unknown length: these pieces, then its end, or an error. */
function pieces(parts: readonly string[], failure: Error | null = null, length: number | null = null): Source {
	return {
		length,
		start(sink: Sink): void {
			for (const part of parts) sink.write(Buffer.from(part));
			if (failure === null) sink.end();
			else sink.fail(failure);
		},
		resume(): void {},
		cancel(): void {},
	};
}

/** Bytes that no client of a case takes. */
const MOST = 100_000_000;

/** Pours until nobody wants more, and writes down when it is paused and when it is told to stop. */
function endless(key: string): Source {
	const piece = new Uint8Array(8_192).fill(0x61);
	const state: { sink: Sink | null; poured: number } = { sink: null, poured: 0 };
	const pour = (): void => {
		// Bounded, should nobody ever say stop: the case sees the missing note.
		while (state.sink !== null && state.poured < MOST) {
			state.poured += piece.length;
			if (!state.sink.write(piece)) return note(key, 'paused');
			// Who takes everything must still be able to leave.
			if (state.poured % (8 * piece.length) === 0) return void setImmediate(pour);
		}
	};
	return {
		length: null,
		start(to: Sink): void {
			state.sink = to;
			pour();
		},
		resume: pour,
		cancel(): void {
			state.sink = null;
			note(key, 'cancelled');
		},
	};
}

/** Sends one event at once and the next when it is released. */
function events(key: string): Source {
	return {
		length: null,
		start(sink: Sink): void {
			sink.write(Buffer.from('data: one\n\n'));
			void released(key).then(() => {
				sink.write(Buffer.from('data: two\n\n'));
				sink.end();
			});
		},
		resume(): void {},
		cancel(): void {},
	};
}

/** Takes the first piece, then nothing until it is released. */
function sip(source: Source, key: string): Promise<number> {
	return new Promise((resolve, reject) => {
		let bytes = 0;
		let open = false;
		source.start({
			write(chunk): boolean {
				bytes += chunk.length;
				if (open) return true;
				note(key, 'sipped');
				return false;
			},
			end: () => resolve(bytes),
			fail: reject,
		});
		void released(key).then(() => {
			open = true;
			note(key, `held ${bytes}`);
			source.resume();
		});
	});
}

/** What comes goes back; the end of one direction is told in the other. */
function echoTunnel(stream: Tunnel): void {
	stream.writable.ondrain = () => stream.readable.resume();
	stream.readable.start({
		write: (chunk) => stream.writable.write(chunk),
		end: () => {
			stream.writable.write(Buffer.from('(end)'));
			stream.writable.end();
		},
		fail: () => {},
	});
}

const answers: Readonly<Record<string, Answer>> = {
	hello: () => respond(200, text, 'hello'),
	later: async () => {
		await new Promise((resolve) => setImmediate(resolve));
		return respond(200, text, 'hello');
	},
	describe: ({ method, target, form, authority, scheme, version, fields, payload }, { can, offers }) => {
		const length = payload === null ? null : payload.length;
		payload?.cancel();
		const facts = { method, target, form, authority, scheme, version, length, offers, can, fields: fields.raw };
		return respond(200, { 'content-type': 'application/json' }, JSON.stringify(facts));
	},
	echo: ({ payload }) => respond(200, text, payload),
	collect: async ({ payload, trailers }) => {
		const body = payload === null ? 'none' : await collectText(payload);
		const behind = await trailers;
		return respond(200, text, `${body}|${behind === null ? '' : [...behind].map((line) => line.join('=')).join('&')}`);
	},
	web: async (_raw, _context, _key, request) =>
		Response.json({ got: await request.text(), path: new URL(request.url).pathname }),
	webstream: (_raw, _context, _key, request) => new Response(request.body, { headers: { 'x-through': 'web' } }),
	sip: async ({ payload }, _context, key) => respond(200, text, String(await sip(payload as Source, key))),
	pour: (_request, _context, key) => respond(200, text, endless(key)),
	events: (_request, _context, key) => respond(200, { 'content-type': 'text/event-stream' }, events(key)),
	ignore: () => respond(403, text, 'refused'),
	status: (_request, _context, key) => respond(Number(key), { etag: '"1"' }),
	length: () => respond(200, text, 'twelve bytes'),
	unknown: () => respond(200, text, pieces(['one ', 'two ', 'three'])),
	large: () => respond(200, text, new Uint8Array(3_000_000).fill(0x62)),
	cookies: ({ fields }) =>
		respond(200, ['Set-Cookie', 'a=1; Path=/', 'Set-Cookie', 'b=2'], `cookie: ${fields.get('cookie')}`),
	fields: () => respond(200, ['X-One', '1', 'x-TWO', '2', 'X-One', '3', 'X-Latin', 'caf\xe9'], 'fields'),
	hop: () =>
		respond(
			200,
			['Connection', 'X-Hop', 'X-Hop', '1', 'Keep-Alive', 'timeout=9', 'Transfer-Encoding', 'chunked'],
			'hop',
		),
	trailers: () =>
		respond(200, { ...text, trailer: 'X-Sum' }, pieces(['one ', 'two']), {
			trailing: () => FieldList.of({ 'X-Sum': '42' }),
		}),
	inform: (_request, context) => {
		context.inform(103, FieldList.of({ link: '</style.css>; rel=preload' }));
		context.inform(102);
		return respond(200, text, 'informed');
	},
	throws: () => {
		throw new Error('a secret detail');
	},
	rejects: async () => {
		throw new Error('a secret detail');
	},
	teapot: () => {
		throw new HttpError(418, { message: 'short and stout', fields: { 'x-spout': '1' } });
	},
	drop: () => {
		throw new Abort();
	},
	nothing: () => undefined as unknown as Response,
	short: () => respond(200, { ...text, 'content-length': '10' }, 'abc'),
	runsshort: () => respond(200, { ...text, 'content-length': '10' }, pieces(['abcd'])),
	runslong: () => respond(200, { ...text, 'content-length': '3' }, pieces(['abcd', 'efgh'])),
	breaks: () => respond(200, text, pieces(['half'], new Error('the source broke'))),
	breakslength: () => respond(200, text, pieces(['half'], new Error('the source broke'), 100)),
	badtrailers: () =>
		respond(200, text, pieces(['half']), {
			trailing: () => {
				throw new Error('no sum');
			},
		}),
	never: (_request, context, key) => {
		note(key, 'asked');
		context.onClosed({ exchangeClosed: () => note(key, 'closed') });
		context.closed.addEventListener('abort', () => note(key, 'aborted'));
		return new Promise(() => {});
	},
	reads: async ({ payload }, _context, key) => {
		note(key, 'asked');
		try {
			await collectText(payload as Source);
		} catch (error) {
			note(key, `failed ${(error as Error).name}`);
			throw error;
		}
		return respond(200);
	},
	background: (_request, context, key) => {
		context.waitUntil(released(key).then(() => note(key, 'done')));
		return respond(200, text, 'at once');
	},
	tunnel: ({ method, version }, context) => {
		const { offers } = context;
		if (!offers.includes('echo') && !offers.includes('connect')) return respond(200, text, `offers ${offers.join()}`);
		if (method === 'CONNECT' || version === '2') return respond(200, {}, null, { tunnel: echoTunnel });
		return respond(101, { upgrade: 'echo' }, null, { tunnel: echoTunnel });
	},
	forced: () => respond(101, { upgrade: 'echo' }, null, { tunnel: echoTunnel }),
	declined: () => respond(404, text, 'no such tunnel'),
	journal: (_request, _context, key) => respond(200, text, journal(key)),
	release: (_request, _context, key) => respond(200, text, release(key)),
};

/** Authorities that CONNECT may name, with what answers. */
const connects: Readonly<Record<string, string>> = { 'tunnel.test:443': 'tunnel', 'declined.test:443': 'declined' };

export const app: App = (request, context) => {
	const { target, form } = raw(request);
	const [, path = '', key = ''] = target.split('/');
	const name = form === 'authority' ? (connects[target] ?? '') : path;
	if (key !== '' && name !== 'journal' && name !== 'release') {
		context.onFinished({
			exchangeFinished: (outcome) => note(key, `finished ${outcome.ok} ${outcome.status} ${outcome.bytes}`),
		});
	}
	const found = answers[name];
	return found === undefined ? respond(404, text, 'no such part') : found(raw(request), context, key, request);
};
