import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Engine, Listener, ListenOptions } from '../../src/engine/index.ts';
import { parseAddress } from '../../src/serve/index.ts';
import { listen } from '../../src/serve/listen.ts';

const app = (): Response => new Response();

/** An engine that fails with `codes` in turn and then listens; keeps what it was asked for. */
function failing(...codes: string[]): Engine & { asked: ListenOptions[] } {
	const asked: ListenOptions[] = [];
	return {
		name: 'failing',
		asked,
		listen: (_, options) => {
			asked.push(options);
			const code = codes.shift();
			if (code === undefined) return Promise.resolve({} as Listener);
			return Promise.reject(Object.assign(new Error(`listen ${code}`), { code }));
		},
	};
}

const reasons: Readonly<Record<string, RegExp>> = {
	EADDRINUSE: /^cannot listen on localhost:80: the port is taken \(EADDRINUSE\)$/,
	EACCES: /^cannot listen on localhost:80: the system does not allow it \(EACCES\)$/,
	EADDRNOTAVAIL: /this machine has no such address/,
	ENOTFOUND: /there is no host of that name/,
	ENOTSUP: /cannot share a port between processes/,
	EMFILE: /^cannot listen on localhost:80: listen EMFILE \(EMFILE\)$/,
};

for (const [code, message] of Object.entries(reasons)) {
	test(`${code} is put into words`, async () => {
		const failure = listen(failing(code), app, { place: parseAddress('localhost:80') });
		await assert.rejects(failure, (error: Error & { hint?: string | null }) => {
			assert.equal(error.name, 'StartError');
			assert.match(error.message, message);
			assert.equal(error.hint === null, code === 'EMFILE');
			return true;
		});
	});
}

test('all interfaces are IPv6 and IPv4 at once', async () => {
	const engine = failing();
	await listen(engine, app, { place: parseAddress(':80') });
	assert.deepEqual(engine.asked, [{ host: '::', port: 80 }]);
});

test('where there is no IPv6, all interfaces are those of IPv4', async () => {
	const engine = failing('EAFNOSUPPORT');
	await listen(engine, app, { place: parseAddress(':80'), reusePort: true });
	assert.deepEqual(engine.asked, [
		{ host: '::', port: 80, reusePort: true },
		{ host: '0.0.0.0', port: 80, reusePort: true },
	]);
});

test('a taken port is not tried again on IPv4 alone', async () => {
	const engine = failing('EADDRINUSE');
	await assert.rejects(listen(engine, app, { place: parseAddress(':80') }), /cannot listen on :80: the port is taken/);
	assert.equal(engine.asked.length, 1);
});
