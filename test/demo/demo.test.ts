import assert from 'node:assert/strict';
import { once } from 'node:events';
import http from 'node:http';
import { after, before, test } from 'node:test';
import { setTimeout } from 'node:timers/promises';
import { gunzipSync } from 'node:zlib';
import { type RawData, WebSocket } from 'ws';
import { DemoProcess } from './demo-process.ts';

const limit = { timeout: 30_000 };
let demo: DemoProcess;

before(async () => {
	demo = await DemoProcess.start(0);
}, limit);

after(() => demo?.stop('SIGKILL'), limit);

const visit = (path: string, init: RequestInit = {}): Promise<Response> =>
	fetch(demo.url + path, { redirect: 'manual', signal: AbortSignal.timeout(10_000), ...init });

const post = (path: string, fields: Record<string, string>): Promise<Response> =>
	visit(path, { method: 'POST', body: new URLSearchParams(fields) });

test('the home page comes in its theme, in UTF-8 and gzipped as the old site had gzipped it', limit, async () => {
	const request = http.get(`${demo.url}/`, { headers: { 'accept-encoding': 'gzip' } });
	const hints: (string | undefined)[] = [];
	request.on('information', ({ statusCode, headers }) => hints.push(`${statusCode} ${String(headers['link'])}`));
	const [response] = (await once(request, 'response')) as [http.IncomingMessage];
	const page = gunzipSync(Buffer.concat(await response.toArray())).toString();
	assert.equal(response.statusCode, 200);
	assert.equal(response.headers['content-type'], 'text/html;charset=utf-8');
	assert.match(page, /<main id="content"[^>]*>\s*<h1>Welcome aboard!<\/h1>/);
	assert.match(page, /café/);
	assert.doesNotMatch(page, /<font|<center|What the theme says/);
	assert.deepEqual(hints, ['103 </style.css>; rel=preload; as=style']);
});

test('the old site is still there as it is: by ?theme=off, and at its own address', limit, async () => {
	for (const url of [`${demo.url}/?theme=off`, `${demo.legacy}/`]) {
		const response = await fetch(url);
		const page = Buffer.from(await response.arrayBuffer()).toString('latin1');
		assert.equal(response.headers.get('content-type'), 'text/html; charset=iso-8859-1', url);
		assert.match(page, /Café on the pier/);
		assert.match(page, /<td class="content">\s*<h1>Welcome aboard!<\/h1>/);
	}
});

test('the week has left the text and stands beside it; forms have labels; tables are plain', limit, async () => {
	const home = await (await visit('/')).text();
	assert.match(home, /<\/main>\s*<aside[^>]*>\s*<section class="card week" id="week"><h2>This week<\/h2>/);
	assert.equal(home.split('High water').length, 2);
	const form = await (await visit('/contact.html')).text();
	assert.match(form, /<label class="field"><span>Your name<\/span><input [^>]*name="name"[^>]*><\/label>/);
	assert.doesNotMatch(form, /<table|id="week"/);
	const regatta = await (await visit('/news/regatta.html')).text();
	assert.match(regatta, /<div class="table"><table>\s*<tr><th>Class<\/th>/);
});

test('a link that names the old address of the site leads to the front', limit, async () => {
	const page = await (await visit('/news/')).text();
	assert.match(page, /<a href="\/contact\.html">the secretary<\/a>/);
	assert.doesNotMatch(page, /lanternbay\.example/);
});

test('every link of the menu leads to a page', limit, async () => {
	const page = await (await visit('/')).text();
	const links = [...page.matchAll(/<li><a href="([^"]+)"/g)].map((match) => match[1] ?? '');
	assert.equal(links.length, 7);
	for (const link of links) {
		const response = await visit(link, { redirect: 'follow' });
		assert.equal(response.status, 200, link);
		assert.match(await response.text(), /<title>/);
	}
	for (const file of ['/style.css', '/logo.gif']) {
		const response = await visit(file);
		assert.equal(response.status, 200, file);
		const since = response.headers.get('last-modified') ?? '';
		await response.arrayBuffer();
		assert.equal((await visit(file, { headers: { 'if-modified-since': since } })).status, 304, file);
	}
});

test('the contact form is sent on, and its redirect leads to the front', limit, async () => {
	const empty = await post('/cgi-bin/contact', { name: 'Ada', message: '' });
	assert.equal(empty.status, 400);
	assert.match(await empty.text(), /<p class="notice" role="alert">Please fill in both fields\.<\/p>/);
	const sent = await post('/cgi-bin/contact', { name: '<Ada>', message: 'Is the slipway open?' });
	assert.equal(sent.status, 303);
	await sent.text();
	const location = sent.headers.get('location') ?? '';
	assert.equal(new URL(location, demo.url).origin, demo.url);
	const thanks = await fetch(new URL(location, demo.url));
	assert.match(await thanks.text(), /Thank you, <b>&lt;Ada&gt;<\/b>/);
	const long = await post('/cgi-bin/contact', { name: 'Ada', message: 'x'.repeat(20_000) });
	assert.equal(long.status, 413);
	await long.text();
});

test('the login cookie opens the members page', limit, async () => {
	const outside = await visit('/members/');
	assert.equal(outside.status, 302);
	assert.equal(outside.headers.get('location'), `${demo.url}/login.html`);
	await outside.text();
	const wrong = await post('/cgi-bin/login', { name: 'captain', password: 'parrot' });
	assert.equal(wrong.status, 403);
	assert.equal(wrong.headers.get('set-cookie'), null);
	await wrong.text();
	const right = await post('/cgi-bin/login', { name: 'captain', password: 'ahoy' });
	assert.equal(right.status, 303);
	await right.text();
	const cookie = right.headers.get('set-cookie')?.split(';')[0] ?? '';
	assert.match(cookie, /^WEBEASYID=[0-9a-f]{32}$/);
	const members = await (await visit('/members/', { headers: { cookie } })).text();
	assert.match(members, /Good to see you, <b>captain<\/b>/);
	assert.match(
		members,
		/<span id="who">Logged in: captain<\/span> <a id="account" href="\/cgi-bin\/logout">Log out<\/a>/,
	);
	const booking = await (await visit('/new/', { headers: { cookie } })).text();
	assert.match(booking, /<span id="who">Logged in: captain<\/span>/);
	await (await visit('/cgi-bin/logout', { headers: { cookie } })).text();
	const after = await visit('/members/', { headers: { cookie } });
	assert.equal(after.status, 302);
	await after.text();
});

test("a redirect that names the old site's own address is mapped to the front", limit, async () => {
	const response = await visit('/regatta2008.html');
	assert.equal(response.status, 301);
	assert.equal(response.headers.get('location'), `${demo.url}/news/regatta.html`);
	await response.text();
});

test("a missing page is the old site's own 404 in the theme, and its path came byte for byte", limit, async () => {
	const path = '/a/../b//c%2F%zz';
	const request = http.get({ host: '127.0.0.1', port: demo.port, path });
	const [response] = (await once(request, 'response')) as [http.IncomingMessage];
	const page = Buffer.concat(await response.toArray()).toString();
	assert.equal(response.statusCode, 404);
	assert.ok(page.includes(`<tt>${path}</tt>`), page);
	assert.match(page, /<nav aria-label="Main">/);
});

test('the old site sees Via and Forwarded, and nothing meant for the next hop only', limit, async () => {
	const request = http.get(`${demo.url}/cgi-bin/printenv`, { headers: { connection: 'X-Secret', 'x-secret': '1' } });
	const [response] = (await once(request, 'response')) as [http.IncomingMessage];
	const seen = Buffer.concat(await response.toArray()).toString('latin1');
	assert.match(seen, /^Via: 1\.1 \S+/im);
	assert.match(seen, /^Forwarded: .*for="?127\.0\.0\.1/im);
	assert.match(seen, /^X-Forwarded-For: 127\.0\.0\.1/im);
	assert.doesNotMatch(seen, /x-secret/i);
});

test('the trailer field behind the list of berths arrives', limit, async () => {
	const request = http.get(`${demo.url}/berths.csv`, { headers: { te: 'trailers', connection: 'te' } });
	const [response] = (await once(request, 'response')) as [http.IncomingMessage];
	const list = Buffer.concat(await response.toArray()).toString();
	assert.match(list, /Old Molly;A 7/);
	assert.match(String(response.trailers['repr-digest']), /^sha-256=:.+=:$/);
});

test('the visitor counter counts, and counts down when a visitor leaves', limit, async () => {
	const first = await watch();
	assert.equal(await first.next(), 1);
	const second = await watch();
	assert.equal(await second.next(), 2);
	assert.equal(await first.next(), 2);
	await setTimeout(500);
	second.leave();
	assert.equal(await first.next(), 1);
	first.leave();
});

test('what one reader writes into the guestbook, the others read at once', limit, async () => {
	const [ada, bob] = await Promise.all([openBook('/guestbook/live'), openBook('/guestbook/live')]);
	assert.match(await ada.next(), /The guestbook is open/);
	assert.match(await bob.next(), /The guestbook is open/);
	ada.socket.send(JSON.stringify({ name: 'Ada', text: 'Ahoy, Café!' }));
	assert.deepEqual(JSON.parse(await bob.next()), { name: 'Ada', text: 'Ahoy, Café!' });
	assert.deepEqual(JSON.parse(await ada.next()), { name: 'Ada', text: 'Ahoy, Café!' });
	ada.socket.close();
	await once(ada.socket, 'close');
	bob.socket.terminate();
});

test("a WebSocket the old site refuses is refused in the old site's words", limit, async () => {
	const socket = new WebSocket(`${demo.url.replace('http', 'ws')}/members/radio`);
	const [, response] = (await once(socket, 'unexpected-response')) as [unknown, http.IncomingMessage];
	assert.equal(response.statusCode, 401);
	assert.equal(response.headers['server'], 'WebEasy/2.3');
	socket.on('error', () => {});
	socket.terminate();
});

test('/new is the modern app, in the same theme and with the menu of the old site', limit, async () => {
	const page = await (await visit('/new')).text();
	assert.match(page, /href="\/new\/api\/boats"/);
	assert.match(page, /<main id="content"[^>]*>\s*<h1>Book a boat<\/h1>/);
	assert.match(page, /<li><a href="\/contact\.html">Contact us<\/a><\/li>/);
	assert.match(page, /<style>\s*\.boats[^]*<\/head>/);
	const missing = await visit('/new/nothing');
	assert.equal(missing.status, 404);
	assert.match(await missing.text(), /<main id="content"[^>]*>\s*<h1>No such page<\/h1>[^]*no such page here/);
	const boats = (await (await visit('/new/api/boats')).json()) as { id: string }[];
	assert.deepEqual(
		boats.map(({ id }) => id),
		['petrel', 'old-molly', 'gustav-ii'],
	);
	const wish = { method: 'POST', body: JSON.stringify({ boat: 'petrel', name: 'Ada' }) };
	assert.equal((await visit('/new/api/bookings', wish)).status, 201);
	assert.equal((await visit('/new/api/bookings', wish)).status, 409);
	assert.equal((await visit('/new/api/bookings', { method: 'POST', body: 'no JSON' })).status, 400);
	const context = (await (await visit('/new/api/context?x')).json()) as Record<string, unknown>;
	assert.equal(context['mount'], '/new/api');
	assert.deepEqual((context['request'] as Record<string, unknown>)['target'], '/context?x');
});

test('each exchange leaves a line in the access log', limit, async () => {
	const mark = `/no-such-page-${process.pid}`;
	await (await visit(mark)).text();
	await demo.printed(new RegExp(`${mark}.*404`));
});

test('while the old site is down its pages are excused in the theme, and the booking goes on', limit, async () => {
	assert.match(await (await visit('/new/')).text(), /Contact us/);
	demo.signal('SIGUSR2');
	await demo.printed(/The old site is down\./);
	const page = await visit('/news/', { headers: { accept: 'text/html' } });
	assert.equal(page.status, 502);
	assert.match(await page.text(), /<main id="content"[^>]*>\s*<h1>[^]*Please try again[^]*<aside/);
	const booking = await (await visit('/new/')).text();
	assert.match(booking, /<h1>Book a boat<\/h1>/);
	assert.match(booking, /<li><a href="\/new\/">Boat booking<\/a><\/li>/);
	demo.signal('SIGUSR2');
	await demo.printed(/The old site is up again\./);
	assert.equal((await visit('/news/')).status, 200);
});

test('the forward proxy leads to the front, and to nothing else that is not public', limit, async () => {
	const proxy = new URL(demo.proxy);
	const through = async (path: string): Promise<[status: number | undefined, text: string]> => {
		const request = http.get({ host: proxy.hostname, port: proxy.port, path, agent: false });
		const [response] = (await once(request, 'response')) as [http.IncomingMessage];
		return [response.statusCode, Buffer.concat(await response.toArray()).toString()];
	};
	const [status, context] = await through(`${demo.url}/new/api/context`);
	assert.equal(status, 200);
	assert.match(context, /"mount":"\/new\/api"/);
	for (const target of [`${demo.legacy}/`, `${demo.proxy}/`, 'http://127.0.0.1/', 'http://169.254.169.254/'])
		assert.equal((await through(target))[0], 403, target);
});

test('a port that is taken is said so, and a free one is used', limit, async () => {
	const taken = new URL(demo.proxy).port;
	const second = await DemoProcess.start(demo.port, { PROXY_PORT: taken });
	try {
		await second.printed(new RegExp(`Port ${demo.port} is taken`));
		await second.printed(new RegExp(`Port ${taken} is taken, so the forward proxy takes a free one`));
		assert.notEqual(second.port, demo.port);
		assert.equal((await fetch(`${second.url}/`)).status, 200);
	} finally {
		assert.equal(await second.stop('SIGINT'), 0);
	}
});

test('SIGTERM ends the demo with 0, open streams and sockets or not', limit, async () => {
	const visitors = await watch();
	await visitors.next();
	const book = await openBook('/guestbook/live');
	await book.next();
	assert.equal(await demo.stop('SIGTERM'), 0);
	book.socket.terminate();
});

/** Watches the visitor counter; `next` is the next number it shows. */
async function watch(): Promise<{ next: () => Promise<number>; leave(): void }> {
	const request = http.get(`${demo.url}/cgi-bin/visitors`, { agent: false });
	const [response] = (await once(request, 'response')) as [http.IncomingMessage];
	response.on('error', () => {});
	const numbers = inbox<number>();
	let text = '';
	response.setEncoding('utf8').on('data', (more: string) => {
		text += more;
		const events = text.split('\n\n');
		text = events.pop() ?? '';
		for (const event of events) numbers.put(Number(/^data: (\d+)$/m.exec(event)?.[1]));
	});
	return { ...numbers, leave: () => request.destroy() };
}

/** Opens a WebSocket; `next` is the next message. */
async function openBook(path: string): Promise<{ socket: WebSocket; next: () => Promise<string> }> {
	const socket = new WebSocket(demo.url.replace('http', 'ws') + path);
	const messages = inbox<string>();
	socket.on('message', (data: RawData) => messages.put((data as Buffer).toString()));
	await once(socket, 'open');
	return { socket, ...messages };
}

/** What has come and is not read yet, for readers that may come first. */
function inbox<T>(): { put: (item: T) => void; next: () => Promise<T> } {
	const items: T[] = [];
	const readers: ((item: T) => void)[] = [];
	const put = (item: T): void => {
		const reader = readers.shift();
		if (reader === undefined) items.push(item);
		else reader(item);
	};
	const next = (): Promise<T> =>
		new Promise((resolve) => {
			const item = items.shift();
			if (item === undefined) readers.push(resolve);
			else resolve(item);
		});
	return { put, next };
}
