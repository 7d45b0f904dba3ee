/** `errors` around a proxy: what the proxy answers for is answered and logged once, and by its own name. */
import assert from 'node:assert/strict';
import { createServer } from 'node:net';
import { test } from 'node:test';
import { ask, errors, forwardAuth, respond, reverse, stack, UpstreamError } from '../../../src/index.ts';

/** A port of this machine on which nobody listens. */
async function closedPort(): Promise<number> {
	const server = createServer();
	await new Promise<void>((done) => void server.listen(0, '127.0.0.1', done));
	const { port } = server.address() as { port: number };
	await new Promise((done) => void server.close(done));
	return port;
}

test('a closed port behind reverse is told by one Proxy-Status, and logged once', async (t) => {
	const lines: string[] = [];
	const to = reverse(`http://127.0.0.1:${await closedPort()}`, { name: 'front', log: (e) => lines.push(e.message) });
	t.after(() => to.close());
	const app = stack(errors({ log: ({ message }) => lines.push(message) }))(to);
	const answer = await ask(app, '/');
	assert.equal(answer.status, 502);
	assert.deepEqual(answer.fields.all('proxy-status'), ['front;error=connection_refused;details="ECONNREFUSED"']);
	assert.equal(lines.length, 1, lines.join('\n'));
	assert.equal((await answer.text()).includes('127.0.0.1'), false);
});

test('an upstream error that is thrown has one Proxy-Status as well, whatever the page', async (t) => {
	const lines: string[] = [];
	const log = ({ message }: { readonly message: string }): void => void lines.push(message);
	const fail = (): never => {
		throw new UpstreamError('connection_refused');
	};
	for (const page of [
		undefined,
		() => '<p>down</p>',
		() => respond(502, { 'Proxy-Status': 'own; error=dns_error' }, 'x'),
	]) {
		lines.length = 0;
		const answer = await ask(errors({ log, ...(page && { page }) })(fail));
		assert.equal(answer.fields.all('proxy-status').length, 1);
		assert.equal(lines.length, 1);
	}
	lines.length = 0;
	const guard = forwardAuth(`http://127.0.0.1:${await closedPort()}/`, {
		nameField: 'Remote-User',
		copy: ['Remote-User'],
	});
	t.after(() => guard.close());
	const answer = await ask(errors({ log })(guard(() => respond(200))));
	assert.equal(answer.status, 502);
	assert.equal(answer.fields.all('proxy-status').length, 1);
	assert.equal(lines.length, 1);
});
