import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
	type App,
	compositionFaults,
	type Key,
	type Knowing,
	key,
	known,
	type Layer,
	layer,
	type Middleware,
	partsOf,
	respond,
	stack,
} from '../../src/convention/index.ts';
import { ask } from '../../src/engine/memory/index.ts';

const user: Key<{ readonly name: string }, 'user'> = key('user');
const session: Key<ReadonlyMap<string, string>, 'session'> = key('session');

const auth: Layer<typeof user> = layer({ name: 'auth', proves: [user] }, (next) => (request, context, execution) => {
	context.set(user, { name: 'ann' });
	return next(request, context, execution);
});
const sessions: Layer<typeof session> = layer(
	{ name: 'sessions', proves: [session] },
	(next) => (request, context, execution) => {
		context.set(session, new Map());
		return next(request, context, execution);
	},
);
const csrf: Layer<never, typeof session> = layer(
	{ name: 'csrf', needs: [{ key: session, because: 'it protects sessions: put it inside of sessions()' }] },
	(next) => (request, context, execution) => next(request, context, execution),
);
const shared: Layer = layer(
	{ name: 'shared', refuses: (outer) => (outer.some(({ name }) => name === 'auth') ? 'it is for everybody' : null) },
	(next) => (request, context, execution) => next(request, context, execution),
);
const nothing: Middleware = (next) => next;
const hello: App = () => respond(200, {}, 'hello');

test('what a layer proves is there, in types and in truth, for the app within', async () => {
	const app = stack(
		nothing,
		sessions,
		csrf,
		auth,
	)((_, context) => respond(200, {}, `${context.get(user).name} ${context.get(session).size}`));
	assert.equal(await (await ask(app)).text(), 'ann 0');
	const nested = stack(
		stack(sessions, nothing),
		csrf,
		stack(auth),
	)((_, context) => respond(200, {}, context.get(user).name));
	assert.equal(await (await ask(nested)).text(), 'ann');
});

test('what no layer proves is not there, in types', () => {
	// @ts-expect-error -- nobody proves a session
	stack(nothing, auth)((_, context) => respond(200, {}, String(context.get(session).size)));
	// @ts-expect-error -- the session comes too late for csrf
	stack(csrf, sessions)(hello) satisfies App;
	// @ts-expect-error -- csrf stands in no session
	csrf(hello) satisfies App;
	// @ts-expect-error -- one of two is proved
	sessions((_, context: Knowing<typeof user | typeof session>) => respond(200, {}, context.get(user).name));
	stack(
		sessions,
		auth,
	)((_, context: Knowing<typeof user | typeof session>) => respond(200, {}, context.get(user).name)) satisfies App;
	sessions(csrf(hello)) satisfies App;
	stack(...[nothing])(hello) satisfies App;
	stack(nothing, auth) satisfies Middleware;
});

test('known gives what was proved, and says what is missing', async () => {
	const app: App = (_, context) => respond(200, {}, known(context, user).name);
	assert.equal(await (await ask(auth(app))).text(), 'ann');
	assert.match(String((await ask(app)).error), /Nothing has set user in this exchange/);
});

test('an order that makes no sense is said in the words of the layer', () => {
	assert.deepEqual(compositionFaults(stack(sessions, csrf)(hello)), []);
	assert.deepEqual(compositionFaults(stack(csrf, sessions)(hello)), [
		'csrf: it protects sessions: put it inside of sessions()',
	]);
	assert.deepEqual(compositionFaults(auth(shared(hello))), ['shared: it is for everybody']);
	assert.deepEqual(compositionFaults(shared(auth(hello))), []);
	assert.deepEqual(compositionFaults(hello), []);
});

test('parts come from the outside in, with the layers they stand in', () => {
	const names = [...partsOf(stack(nothing, auth, sessions)(hello))].map(({ app, outer }) => [
		app === hello,
		outer.map(({ name }) => name),
	]);
	assert.deepEqual(names, [
		[false, []],
		[false, ['auth']],
		[true, ['auth', 'sessions']],
	]);
});

test('what is no middleware, and what is no app, is refused when the stack is made', () => {
	assert.throws(
		() => stack([nothing] as never),
		/stack: layer 1 is no function, as a middleware is, but a list; write stack\(a, b\)/,
	);
	assert.throws(() => stack(nothing, {} as never), /stack: layer 2 is no function, as a middleware is, but object/);
	assert.throws(
		() => stack(nothing)(undefined as never),
		/stack: the app within is no function, as an app is, but undefined/,
	);
});
