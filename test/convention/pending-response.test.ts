import assert from 'node:assert/strict';
import { test } from 'node:test';
import { PendingResponse, type ResponseTaker, respond } from '../../src/convention/index.ts';

/** Writes down what it is told. */
class Notes implements ResponseTaker {
	readonly told: ['responded' | 'refused', unknown][] = [];

	responded(response: Response): void {
		this.told.push(['responded', response]);
	}

	refused(error: unknown): void {
		this.told.push(['refused', error]);
	}
}

const response = respond(200, { 'x-which': 'first' });
const other = respond(404);
const error = new Error('No response.');

test('who asks for a response that is there is told at once, in the same turn', () => {
	const pending = new PendingResponse();
	pending.resolve(response);
	const notes = new Notes();
	pending.deliver(notes);
	assert.deepEqual(notes.told, [['responded', response]]);
	assert.equal(notes.told[0]?.[1], response);
});

test('who asks before there is one is told when it comes, in the turn in which it comes', () => {
	const pending = new PendingResponse();
	const notes = new Notes();
	pending.deliver(notes);
	assert.deepEqual(notes.told, []);
	pending.resolve(response);
	assert.equal(notes.told.length, 1);
	assert.equal(notes.told[0]?.[1], response);
});

for (const early of [true, false]) {
	test(`a refusal is told, too, ${early ? 'at once' : 'later'}`, () => {
		const pending = new PendingResponse();
		const notes = new Notes();
		if (early) pending.reject(error);
		pending.deliver(notes);
		if (!early) pending.reject(error);
		assert.deepEqual(notes.told, [['refused', error]]);
	});
}

for (const early of [true, false]) {
	const when = early ? 'after it was settled' : 'before it is settled';
	test(`taken for a promise ${when}, it behaves as one`, async () => {
		const fulfilled = new PendingResponse();
		const rejected = new PendingResponse();
		const settle = (): void => {
			fulfilled.resolve(response);
			rejected.reject(error);
		};
		if (early) settle();
		let finished = 0;
		const waits = [
			fulfilled.then((one) => assert.equal(one, response)),
			rejected.then(
				() => assert.fail('It was rejected.'),
				(reason) => assert.equal(reason, error),
			),
			rejected.catch((reason: unknown) => assert.equal(reason, error)),
			fulfilled.finally(() => finished++).then((one) => assert.equal(one, response)),
		];
		if (!early) settle();
		await Promise.all(waits);
		assert.equal(finished, 1);
	});
}

test('it can be awaited, and what it was rejected with is thrown there', async () => {
	const fulfilled = new PendingResponse();
	const rejected = new PendingResponse();
	setImmediate(() => {
		fulfilled.resolve(response);
		rejected.reject(error);
	});
	const failure = assert.rejects(async () => await rejected, error);
	assert.equal(await fulfilled, response);
	await failure;
});

test('it passes for a promise where libraries look', () => {
	const pending = new PendingResponse();
	assert.ok(pending instanceof Promise);
	assert.equal(typeof pending.then, 'function');
	assert.equal(Object.prototype.toString.call(pending), '[object Promise]');
});

test('resolved with a promise, it is settled as that promise is', async () => {
	const notes = new Notes();
	const later = Promise.withResolvers<Response>();
	const pending = new PendingResponse();
	pending.deliver(notes);
	pending.resolve(later.promise);
	assert.deepEqual(notes.told, []);
	later.resolve(response);
	assert.equal(await pending, response);
	assert.deepEqual(notes.told, [['responded', response]]);

	const failing = new PendingResponse();
	failing.resolve(Promise.reject(error));
	await assert.rejects(async () => await failing, error);
});

test('resolved with another pending response, it waits for that one', async () => {
	const inner = new PendingResponse();
	const outer = new PendingResponse();
	outer.resolve(inner);
	inner.resolve(response);
	assert.equal(await outer, response);
});

test('the first outcome counts, whatever follows', async () => {
	const fulfilled = new PendingResponse();
	const rejected = new PendingResponse();
	const notes = new Notes();
	fulfilled.deliver(notes);
	fulfilled.resolve(response);
	fulfilled.resolve(other);
	fulfilled.reject(error);
	rejected.reject(error);
	rejected.resolve(other);
	rejected.reject(new Error('Another.'));
	assert.deepEqual(notes.told, [['responded', response]]);
	assert.equal(await fulfilled, response);
	await assert.rejects(async () => await rejected, error);
});

test('one that is refused while nobody looks ends no process', async () => {
	const unhandled: unknown[] = [];
	const note = (reason: unknown): void => {
		unhandled.push(reason);
	};
	process.on('unhandledRejection', note);
	new PendingResponse().reject(error);
	await new Promise((resolve) => setImmediate(resolve));
	process.off('unhandledRejection', note);
	assert.deepEqual(unhandled, []);
});
