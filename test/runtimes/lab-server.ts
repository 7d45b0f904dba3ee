/**
 * An app for what only engines of runtimes have to show. The first argument names the engine, the second is its options, the
 * third its listen options, both as JSON. The first line of output is the address; each line of input is a command, which
 * is answered by a line that begins with it.
 */
import { createInterface } from 'node:readline';
import type { Sink, Source } from '../../src/bytes/index.ts';
import { type App, raw, respond } from '../../src/convention/index.ts';
import type { Engine, Listener } from '../../src/engine/index.ts';

const [name = '', options = '{}', listen = '{}'] = process.argv.slice(2);
const log: string[] = [];
const settings = { ...JSON.parse(options), log: ({ message }: { message: string }) => log.push(message) };

const engines: Readonly<Record<string, () => Promise<Engine>>> = {
	bun: async () => (await import('../../src/engine/bun/index.ts')).bunServe(settings),
	deno: async () => (await import('../../src/engine/deno/index.ts')).denoServe(settings),
};

let release = (): void => {};
const ended: string[] = [];

/** Pours without an end, as fast as it may. */
function endless(): Source {
	let to: Sink | null = null;
	const pour = (): void => {
		while (to?.write(new Uint8Array(65_536)));
	};
	return {
		length: null,
		start(sink: Sink): void {
			to = sink;
			pour();
		},
		resume: pour,
		cancel(): void {
			to = null;
		},
	};
}

/** Speaks once, and keeps to it until it is cancelled. */
const silent: Source = {
	length: null,
	start: (sink: Sink) => void sink.write(Buffer.from('once')),
	resume: () => {},
	cancel: () => ended.push('silent cancelled'),
};

const app: App = async (request, context) => {
	const { target, payload } = raw(request);
	const [, path = ''] = target.split('/');
	context.onFinished({ exchangeFinished: ({ ok, status }) => ended.push(`${path} ${ok} ${status}`) });
	if (path === 'native') {
		const { remote, tls } = context.connection;
		const own = Object.getPrototypeOf(request) === Request.prototype;
		const again = new Request(request).method;
		const seen = { own, again, same: raw(request) === raw(request), remote, tls: tls !== null };
		return respond(200, {}, JSON.stringify(seen));
	}
	if (path === 'wait') {
		await new Promise<void>((resolve) => {
			release = resolve;
			ended.push('waiting');
		});
		return respond(200, {}, 'waited');
	}
	if (path === 'silent') return respond(200, {}, silent);
	if (path === 'read') return respond(200, {}, String((await request.text()).length));
	if (path === 'payload') return respond(200, {}, payload);
	return respond(200, {}, endless());
};

const commands: Readonly<Record<string, (listener: Listener) => unknown>> = {
	statistics: (listener) => listener.statistics(),
	ended: () => ended,
	log: () => log,
	release: () => release(),
	drain: (listener) => listener.drain(20_000),
	close: (listener) => listener.close(),
	taken: async (listener) => {
		try {
			const other = await (await engines[name]?.())?.listen(app, listener.address as { host: string; port: number });
			await other?.close();
			return null;
		} catch (error) {
			return (error as { code?: string }).code;
		}
	},
};

const engine = (await engines[name]?.()) as Engine;
const listener = await engine.listen(app, { host: '127.0.0.1', port: 0, ...JSON.parse(listen) });
console.log(JSON.stringify({ url: listener.url, address: listener.address }));
const lines = createInterface(process.stdin);
lines.on('line', (line) => {
	void (async () => console.log(`${line} ${JSON.stringify((await commands[line]?.(listener)) ?? null)}`))();
});
lines.on('close', () => void listener.close().then(() => process.exit(0)));
