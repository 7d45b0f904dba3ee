/** Requests that take longer than most go to a second upstream as well: whoever answers first has answered. */
import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { type App, type Context, respond, UpstreamError } from '../../src/convention/index.ts';
import { ask, exchange } from '../../src/engine/memory/index.ts';
import { type Upstreams, type UpstreamsOptions, upstreams } from '../../src/upstreams/index.ts';
import { pause, until } from '../support/until.ts';

interface Member {
	readonly app: App;
	readonly name: string;
	asked: number;
	left: number;
	/** What the next requests do; an answer at once when it is null. */
	next: ((context: Context) => Promise<Response>) | null;
}

function member(name: string): Member {
	const one: Member = {
		name,
		asked: 0,
		left: 0,
		next: null,
		app: (_request, context) => {
			one.asked++;
			context.onClosed({ exchangeClosed: () => one.left++ });
			return one.next === null ? respond(200, null, name) : one.next(context);
		},
	};
	return one;
}

/** A group that has seen enough answers to know what is slow. */
async function warm(t: TestContext, members: Member[], options: UpstreamsOptions = {}): Promise<Upstreams> {
	const reverse = { log: () => {} };
	const group = upstreams(members, { hedge: { percentile: 0.9, least: 20 }, log: () => {}, reverse, ...options });
	t.after(() => group.close());
	for (let at = 0; at < 40; at++) await (await ask(group, '/')).text();
	return group;
}

const never = (): Promise<Response> => new Promise(() => {});

test('the second answers in place of a first that hangs, which is told that nobody waits', async (t) => {
	const [slow, fast] = [member('slow'), member('fast')];
	const group = await warm(t, [slow, fast], { balance: { choose: (candidates) => candidates[0] as never } });
	slow.next = never;
	assert.equal(await (await ask(group, '/')).text(), 'fast');
	assert.deepEqual([group.statistics().hedged, slow.left], [1, 1]);
	await until(() => Object.values(group.statistics().members).every(({ active }) => active === 0), 'nothing is left');
	assert.equal(group.statistics().members['slow']?.failures, 0, 'slow is not broken');
});

test('a first that answers after all is the answer, and the second is given up', async (t) => {
	const [slow, slower] = [member('slow'), member('slower')];
	const group = await warm(t, [slow, slower], { balance: { choose: (candidates) => candidates[0] as never } });
	slow.next = async () => {
		await pause(150);
		return respond(200, null, 'slow');
	};
	slower.next = never;
	assert.equal(await (await ask(group, '/')).text(), 'slow');
	assert.deepEqual([group.statistics().hedged, slower.left], [1, 1]);
});

test('what answers in time, and what changes something, goes to one alone', async (t) => {
	const [one, other] = [member('one'), member('other')];
	const group = await warm(t, [one, other]);
	const asked = one.asked + other.asked;
	for (let at = 0; at < 10; at++) await ask(group, '/');
	for (const each of [one, other])
		each.next = async () => {
			await pause(120);
			return respond(204);
		};
	await ask(group, { target: '/', method: 'POST', body: 'x' });
	assert.equal(one.asked + other.asked, asked + 11);
	assert.equal(group.statistics().hedged, 0);
});

test('when both fail the client is told once; a failure of one waits for the other', async (t) => {
	const [one, other] = [member('one'), member('other')];
	const options = {
		balance: { choose: (candidates: readonly unknown[]) => candidates[0] as never },
		retries: { times: 0 },
	};
	const group = await warm(t, [one, other], options);
	const failing = (time: number) => async (): Promise<Response> => {
		await pause(time);
		throw new UpstreamError('connection_terminated');
	};
	one.next = failing(150);
	other.next = async () => {
		await pause(200);
		return respond(200, null, 'other');
	};
	assert.equal(await (await ask(group, '/')).text(), 'other');
	other.next = failing(100);
	const answer = await ask(group, '/');
	assert.equal(answer.status, 502);
	assert.match(answer.fields.get('proxy-status') ?? '', /error=connection_terminated/);
});

test('a client that leaves ends both', async (t) => {
	const [one, other] = [member('one'), member('other')];
	const group = await warm(t, [one, other]);
	for (const each of [one, other]) each.next = never;
	const leaving = exchange(group, '/');
	await until(() => group.statistics().hedged === 1, 'the second');
	leaving.abort();
	await until(() => one.left === 1 && other.left === 1, 'both are told');
});

test('options that cannot be meant are refused', () => {
	const list = ['http://127.0.0.1:1'];
	for (const [options, reason] of [
		[{ hedge: true, retries: false }, /hedge needs the budget of retries/],
		[{ hedge: { percentile: 2 } }, /hedge\.percentile must be from 0 to 1/],
		[{ hedge: { last: 1 } }, /hedge\.last: no such option; .*did you mean least/],
	] as const)
		assert.throws(() => upstreams(list, options as never), reason);
});
