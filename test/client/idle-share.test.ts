/** Idle connections that the pools of several upstreams keep between them. */
import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { type Upstream, upstreamsSharing } from '../../src/client/index.ts';
import { ok, origin } from '../support/raw-server.ts';
import { until } from '../support/until.ts';
import { told } from './asking.ts';

/** So many upstreams, each with an origin of its own, that share `idle`. */
async function sharing(t: TestContext, idle: number, count: number): Promise<Upstream[]> {
	const make = upstreamsSharing(idle, {});
	const made: Upstream[] = [];
	for (let each = 0; each < count; each++) {
		const there = await origin(t, (request) => ok(request.target));
		const one = make(`http://127.0.0.1:${there.port}`);
		t.after(() => one.close());
		made.push(one);
	}
	return made;
}

const idleOf = (upstreams: readonly Upstream[]): number[] => upstreams.map((one) => one.statistics().idle);

test('all pools together keep no more idle connections than they share', async (t) => {
	const upstreams = await sharing(t, 2, 3);
	for (const one of upstreams) assert.equal(await told(one, '/a'), '/a');
	assert.deepEqual(idleOf(upstreams), [1, 1, 0]);
	await until(() => (upstreams[2] as Upstream).statistics().connections === 0, 'the third one closed');
});

test('an idle connection that is used makes room, and takes it again', async (t) => {
	const upstreams = await sharing(t, 1, 2);
	const [a, b] = upstreams as [Upstream, Upstream];
	for (let round = 0; round < 3; round++) assert.equal(await told(a, '/a'), '/a');
	assert.equal(a.statistics().dialled, 1);
	const [first, second] = [told(a, '/a'), told(b, '/b')];
	assert.deepEqual([await first, await second], ['/a', '/b']);
	assert.equal((idleOf(upstreams)[0] as number) + (idleOf(upstreams)[1] as number), 1);
});

test('what is closed makes room for others: by us, and by the origin', async (t) => {
	const make = upstreamsSharing(1, {});
	const there = await origin(t, (request) => ok(request.target));
	const to = (): Upstream => {
		const one = make(`http://127.0.0.1:${there.port}`);
		t.after(() => one.close());
		return one;
	};
	const [a, b, c] = [to(), to(), to()];
	assert.equal(await told(a, '/a'), '/a');
	await a.close();
	assert.equal(await told(b, '/b'), '/b');
	assert.deepEqual(idleOf([a, b, c]), [0, 1, 0]);
	(await there.peer(1)).finish();
	await until(() => b.statistics().idle === 0, 'no idle connection');
	assert.equal(await told(c, '/c'), '/c');
	assert.deepEqual(idleOf([a, b, c]), [0, 0, 1]);
});
