/** The last catch, where not even an error can be told. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { respond } from '../../src/convention/index.ts';
import { answer } from '../../src/engine/answer.ts';
import type { EngineExchange } from '../../src/engine/engine-exchange.ts';

test('an exchange on which nothing can be written is given up after the answer and one for the error', () => {
	const lost: unknown[] = [];
	const statuses: number[] = [];
	const exchange = {
		isOver: false,
		answered: false,
		committed: false,
		listener: { logFailure: () => {} },
		writerOf: ({ status }: { readonly status: number }) => ({
			begin: () => {
				statuses.push(status);
				throw new Error(`no ${status}`);
			},
		}),
		lose: (cause: unknown) => lost.push(cause),
		giveUpRequest: () => {},
		get: () => undefined,
	};
	answer(exchange as unknown as EngineExchange, respond(200, {}, 'hello'));
	assert.deepEqual(statuses, [200, 500]);
	assert.deepEqual(
		lost.map((cause) => (cause as Error).message),
		['no 500'],
	);
});
