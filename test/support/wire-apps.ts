/** The apps that wire scripts name. Each shows one thing an app can do with an exchange. */

import { collect as collectBytes, type Tunnel } from '../../src/bytes/index.ts';
import { type App, raw, respond } from '../../src/convention/index.ts';
import { FieldList } from '../../src/fields/index.ts';

const text = { 'content-type': 'text/plain' };

const hello: App = () => respond(200, text, 'hello');

/** Says how the engine understood the request. */
const describe: App = (request) => {
	const { method, target, form, authority, version, fields, payload } = raw(request);
	const names = [...fields].map(([name, value]) => `${name}=${value}`).join(';');
	const body = payload === null ? 'none' : String(payload.length);
	payload?.cancel();
	return respond(200, text, `${method} ${target} ${form} ${authority} ${version} ${body}\n${names}\n`);
};

/** Answers with the target only: to see the order of pipelined answers. */
const target: App = (request) => respond(200, text, raw(request).target);

/** As `target`, but later, and the first request last. */
const slowTarget: App = async (request) => {
	const path = raw(request).target;
	await new Promise((resolve) => setTimeout(resolve, path.endsWith('1') ? 30 : 5));
	return respond(200, text, path);
};

/** Reads the whole body, then answers with it and the trailers. */
const collect: App = async (request) => {
	const { payload } = raw(request);
	// Not request.text(), which is empty for a GET, as fetch says.
	const body = payload === null ? '' : Buffer.from(await collectBytes(payload)).toString('latin1');
	const trailers = await raw(request).trailers;
	const lines = trailers === null ? '' : [...trailers].map(([name, value]) => `|${name}=${value}`).join('');
	return respond(200, text, body + lines);
};

/** Sends the body back as it comes. */
const echo: App = (request) => respond(200, text, raw(request).payload);

/** Answers at once and never looks at the body. */
const ignore: App = () => respond(200, text, 'ignored');

/** Refuses without looking at the body. */
const refuse: App = () => respond(403, text, 'refused');

/** Sends 103, 102 and then the answer. */
const inform: App = (_request, context) => {
	context.inform(103, FieldList.of({ link: '</style.css>; rel=preload' }));
	context.inform(102);
	return respond(200, text, 'informed');
};

/** Answers with the status the path names: `/204`, `/304`, `/205`. */
const status: App = (request) => respond(Number(raw(request).target.slice(1)), { etag: '"1"' });

/** A body of unknown length, with trailers behind it. */
const trailers: App = () => {
	const parts = ['one ', 'two ', 'three'];
	const payload = {
		length: null,
		start(sink: { write(chunk: Uint8Array): boolean; end(): void }) {
			for (const part of parts) sink.write(Buffer.from(part));
			sink.end();
		},
		resume() {},
		cancel() {},
	};
	return respond(200, { ...text, trailer: 'X-Sum' }, payload, { trailing: () => FieldList.of({ 'X-Sum': '42' }) });
};

/** Fails in the middle of a body with a length. */
const failing: App = () => {
	const payload = {
		length: 100,
		start(sink: { write(chunk: Uint8Array): boolean; fail(reason: Error): void }) {
			sink.write(Buffer.from('half'));
			sink.fail(new Error('the source broke'));
		},
		resume() {},
		cancel() {},
	};
	return respond(200, text, payload);
};

const throwing: App = () => {
	throw new Error('a secret detail');
};

const rejecting: App = async () => {
	throw new Error('a secret detail');
};

/** Never answers. */
const never: App = () => new Promise(() => {});

/** Joins both directions of a tunnel; the end of one ends the other. */
export function echoTunnel(stream: Tunnel): void {
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

/** Accepts CONNECT and Upgrade: echo. Refuses everything else. */
const tunnel: App = async (request, context) => {
	const { payload } = raw(request);
	if (payload !== null) await collectBytes(payload);
	if (context.offers.includes('connect')) return respond(200, {}, null, { tunnel: echoTunnel });
	if (context.offers.includes('echo')) return respond(101, { upgrade: 'echo' }, null, { tunnel: echoTunnel });
	return respond(200, text, `offers:${context.offers.join(',')}`);
};

/** Every app a script can name with `@app`. */
export const wireApps: Readonly<Record<string, App>> = {
	hello,
	describe,
	target,
	slowTarget,
	collect,
	echo,
	ignore,
	refuse,
	inform,
	status,
	trailers,
	failing,
	throwing,
	rejecting,
	never,
	tunnel,
};
