/** A callable for tests: a route for everything that blocking code does. What it went through is in `diary`, at /diary. */
import { DatabaseSync } from 'node:sqlite';
import {
	Abort,
	type BlockingRequest,
	blocking,
	Disconnected,
	fetchSync,
	HttpError,
	type Reply,
	reply,
	sleep,
} from '../../../../src/frameworks/blocking/thread/index.ts';

const diary: string[] = [];
const database = new DatabaseSync(':memory:');
database.exec("create table pets (id integer primary key, name text); insert into pets (name) values ('Rex'), ('Tom')");

type Route = (request: BlockingRequest) => Reply;

const routes: Readonly<Record<string, Route>> = {
	'/diary': () => reply(200, { 'content-type': 'application/json' }, JSON.stringify(diary.splice(0))),
	'/request': (request) => {
		const { method, target, authority, scheme, url, path, mount, version } = request;
		const facts = { method, target, authority, scheme, url, path, mount, version };
		const seen = {
			...facts,
			raw: request.fields.raw,
			agent: request.headers.get('user-agent'),
			q: request.query.get('q'),
		};
		return reply(
			200,
			[
				['content-type', 'application/json'],
				['set-cookie', 'a=1'],
				['set-cookie', 'b=2'],
			],
			JSON.stringify(seen),
		);
	},
	'/echo': (request) => reply(200, { 'x-type': request.headers.get('content-type') ?? '' }, request.bytes()),
	'/text': (request) => reply(200, null, request.text().toUpperCase()),
	'/json': (request) => reply(200, {}, JSON.stringify({ got: request.json() })),
	'/form': (request) => reply(200, {}, request.body.form().get('name') ?? 'nobody'),
	'/twice': (request) => reply(200, {}, request.text() + request.text()),
	'/limit': (request) => reply(200, {}, request.text(10)),
	'/ignore': () => reply(200, {}, 'not read'),
	'/part': (request) => {
		for (const piece of request.body) return reply(200, {}, String(piece.length > 0));
		return reply(400);
	},
	'/pets': (request) => {
		const row = database.prepare('select name from pets where id = ?').get(request.query.get('id')) as { name: string };
		return reply(200, {}, row.name);
	},
	'/empty': () => reply(204),
	'/large': (request) => reply(200, {}, new Uint8Array(Number(request.query.get('bytes'))).fill(0x61)),
	'/large-text': () => reply(200, {}, 'ä'.repeat(100_000)),
	'/view': () => reply(200, {}, new Uint8Array(1_000_000).fill(0x62).subarray(5, 10)),
	'/pieces': () => reply(200, {}, ['one ', new TextEncoder().encode('two '), '', 'three']),
	'/sleep': (request) => {
		sleep(Number(request.query.get('ms')));
		return reply(200, {}, 'awake');
	},
	'/upload': upload,
	'/drip': drip,
	'/count': (request) => reply(200, {}, count(Number(request.query.get('to')))),
	'/nothing': () => undefined as unknown as Reply,
	'/late': () => Promise.resolve(reply(200)) as unknown as Reply,
	'/throws': () => {
		throw new RangeError('of no use');
	},
	'/teapot': () => {
		throw new HttpError(418, { message: 'short and stout', fields: { 'x-pot': 'tea' } });
	},
	'/drop': () => {
		throw new Abort();
	},
	'/breaks': () => reply(200, {}, breaking()),
	'/breaks-at-once': () => reply(200, {}, breaking(0)),
	'/number': () => reply(200, {}, ['fine', 7 as unknown as string]),
	'/exit': () => process.exit(3),
	'/exit-while-sending': () => reply(200, {}, exiting()),
	'/later': () => {
		setTimeout(() => {
			throw new Error('long after');
		});
		return reply(200, {}, 'first');
	},
	'/timer': () => {
		setTimeout(() => sleep(40));
		return reply(200, {}, 'set');
	},
	'/hog': () => {
		const held: object[] = [];
		for (;;) held.push(Array.from({ length: 1_000 }, (_, index) => ({ index })));
	},
	'/spin': () => {
		for (;;);
	},
	'/spin-while-sending': () => reply(200, {}, spinning()),
	'/fetch': fetched,
	'/gate': gated,
	'/glance': (request) => {
		for (const _ of fetchSync(request.query.get('url') ?? '').body) break;
		fetchSync(request.query.get('gate') ?? '');
		return reply(200, {}, 'seen');
	},
};

function upload(request: BlockingRequest): Reply {
	const wait = request.query.get('wait');
	if (wait !== null) fetchSync(wait);
	let bytes = 0;
	try {
		for (const piece of request.body) bytes += piece.length;
	} catch (error) {
		diary.push(nameOf(error));
		throw error;
	}
	return reply(200, {}, String(bytes));
}

function drip(request: BlockingRequest): Reply {
	const piece = new Uint8Array(Number(request.query.get('size') ?? 1_000));
	function* pieces(): Generator<Uint8Array> {
		let sent = 0;
		try {
			for (;;) {
				yield piece;
				sent += piece.length;
				if (request.query.has('pause')) sleep(Number(request.query.get('pause')));
			}
		} catch (error) {
			diary.push(nameOf(error));
			throw error;
		} finally {
			diary.push(`sent ${sent}`);
		}
	}
	return reply(200, {}, pieces());
}

function* count(to: number): Generator<string> {
	for (let i = 1; i <= to; i++) yield `${i}\n`;
}

function* breaking(after = 2): Generator<string> {
	for (let i = 0; i < after; i++) yield 'piece ';
	throw new Error('broken in the middle');
}

function* exiting(): Generator<string> {
	yield 'piece';
	process.exit(4);
}

function* spinning(): Generator<string> {
	yield 'piece';
	for (;;);
}

function fetched(request: BlockingRequest): Reply {
	const timeout = Number(request.query.get('timeout') ?? 10_000);
	const method = request.query.get('method');
	const body = request.body.text();
	try {
		const answer = fetchSync(request.query.get('url') ?? '', {
			timeout,
			headers: { 'x-asked': 'yes' },
			...(method !== null && { method }),
			...(body !== '' && { body }),
		});
		const text = request.query.has('unread') ? '' : answer.text();
		return reply(
			200,
			{},
			`${answer.status} ${answer.ok} ${answer.headers.get('x-answer') ?? '-'} ${text.length} ${text.slice(0, 60)}`,
		);
	} catch (error) {
		diary.push(nameOf(error));
		throw error;
	}
}

/** Blocks until the gate opens, and says what became of it. */
function gated(request: BlockingRequest): Reply {
	try {
		fetchSync(request.query.get('url') ?? '');
		if (request.query.has('then-sleep')) sleep(60_000);
	} catch (error) {
		diary.push(nameOf(error));
		throw error;
	}
	return reply(200, {}, 'through');
}

function nameOf(error: unknown): string {
	if (error instanceof Disconnected) return `Disconnected ${error.code}`;
	return error instanceof Error ? `${error.name} ${'code' in error ? String(error.code) : ''}` : 'thrown';
}

export default blocking((request) => {
	const route = routes[request.path];
	return route === undefined ? reply(404, {}, 'nothing here') : route(request);
});
