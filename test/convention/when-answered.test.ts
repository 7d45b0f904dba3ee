import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type AnswerStep, type App, PendingResponse, respond, whenAnswered } from '../../src/convention/index.ts';
import { ask } from '../../src/engine/memory/index.ts';

const step: AnswerStep = {
	answered: (response) => {
		response.headers.set('x-seen', 'yes');
		return response;
	},
	failed: (error) => respond(500, {}, `failed: ${(error as Error).message}`),
};

function pending(settle: (pending: PendingResponse) => void, late: boolean): PendingResponse {
	const one = new PendingResponse();
	if (late) setImmediate(() => settle(one));
	else settle(one);
	return one;
}

/** As much of a promise as foreign ones have in common. */
function thenable(
	settle: (done: (response: Response) => void, refused: (error: unknown) => void) => void,
): Promise<Response> {
	// oxlint-disable-next-line unicorn/no-thenable -- it is one
	return { then: (done: never, refused: never) => new Promise(settle).then(done, refused) } as never;
}

const hello = (): Response => respond(200, {}, 'hello');
const fail = (): never => {
	throw new Error('no');
};
const apps: Readonly<Record<string, readonly [answers: App, fails: App]>> = {
	'at once': [hello, fail],
	'by a promise': [async () => hello(), async () => fail()],
	'by a promise of another library': [
		() => thenable((done) => done(hello())),
		() => thenable((_, refused) => refused(new Error('no'))),
	],
	'by a pending response': [
		() => pending((one) => one.resolve(hello()), true),
		() => pending((one) => one.reject(new Error('no')), true),
	],
	'by a pending response that is settled': [
		() => pending((one) => one.resolve(hello()), false),
		() => pending((one) => one.reject(new Error('no')), false),
	],
};

for (const [how, [answers, fails]] of Object.entries(apps)) {
	test(`an app that answers ${how} passes through the step`, async () => {
		const layered =
			(app: App): App =>
			(request, context) =>
				whenAnswered(app, request, context, step);
		const answer = await ask(layered(answers));
		assert.deepEqual([answer.status, answer.fields.get('x-seen'), await answer.text()], [200, 'yes', 'hello']);
		assert.equal(await (await ask(layered(fails))).text(), 'failed: no');
	});

	test(`without a step for it, an error ${how} goes on outward, as does one of the step`, async () => {
		const bare: App = (request, context) => whenAnswered(fails, request, context, { answered: (one) => one });
		assert.equal(((await ask(bare)).error as Error).message, 'no');
		const broken: App = (request, context) =>
			whenAnswered(answers, request, context, {
				answered: () => {
					throw new Error('of the step');
				},
			});
		assert.equal(((await ask(broken)).error as Error).message, 'of the step');
	});
}

test('an answer at once stays at once', () => {
	const answer = whenAnswered(hello, new Request('http://a.example/'), {} as never, step);
	assert.ok(answer instanceof Response);
});

test('a payload is given up when the step throws or rejects, whatever the answer came by', async () => {
	for (const late of [false, true]) {
		let cancelled = 0;
		const source = { length: null, start(): void {}, resume(): void {}, cancel: () => void cancelled++ };
		const app: App = (request, context) =>
			whenAnswered(
				() => (late ? pending((one) => one.resolve(respond(200, {}, source)), true) : respond(200, {}, source)),
				request,
				context,
				{
					answered: () => {
						if (!late) throw new Error('of the step');
						return Promise.reject(new Error('of the step'));
					},
				},
			);
		assert.equal(((await ask(app)).error as Error).message, 'of the step');
		assert.equal(cancelled, 1);
	}
});
