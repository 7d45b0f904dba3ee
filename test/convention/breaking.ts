/** Apps and engines that break a rule on purpose, and what lint says to them. */
import assert from 'node:assert/strict';
import type { Sink, Source } from '../../src/bytes/index.ts';
import { fromIterable } from '../../src/bytes/index.ts';
import {
	type App,
	type Context,
	type IncomingRequest,
	LintError,
	lint,
	type OutgoingResponse,
	type RuleNumber,
	raw,
	respond,
	rules,
} from '../../src/convention/index.ts';
import { ask, type MemoryRequest } from '../../src/engine/memory/index.ts';

/** The response of ours that lint makes of any. */
export const ours = (response: Response): OutgoingResponse => response as OutgoingResponse;

/** Takes everything and does nothing. */
export const QUIET: Sink = { write: () => true, end: () => {}, fail: () => {} };

/** A source made of one function, to break rules with. */
export function source(start: (sink: Sink) => void, rest: Partial<Source> = {}): Source {
	return { length: null, start, resume: () => {}, cancel: () => {}, ...rest };
}

/** For `assert.throws`: a LintError for that rule. */
export function isRule(rule: RuleNumber): (error: unknown) => true {
	return (error) => {
		assert.ok(error instanceof LintError, String(error));
		assert.equal(error.rule, rule, error.message);
		assert.equal(error.code, `LINT_${rule}`);
		assert.ok(error.message.includes(rules[rule]));
		return true;
	};
}

/** Everything that lint found in one exchange, whichever way it told: thrown, through the payload, or reported. */
export async function found(
	app: App,
	request: MemoryRequest = {},
	...wrap: ((app: App) => App)[]
): Promise<Set<number>> {
	const errors: unknown[] = [];
	const linted = wrap.reduce((inner, outer) => outer(inner), lint(app, { report: (error) => errors.push(error) }));
	const answer = await ask(linted, request);
	errors.push(answer.error);
	await answer.bytes().catch((error: unknown) => errors.push(error));
	answer.tunnel?.destroy();
	await new Promise(setImmediate);
	return new Set(errors.filter((error) => error instanceof LintError).map((error) => error.rule));
}

/** The app breaks this rule and no other. */
export async function breaks(rule: RuleNumber, app: App, request: MemoryRequest = {}): Promise<void> {
	assert.deepEqual([...(await found(app, request))], [rule]);
}

/** The engine, or middleware in its place, breaks this rule and no other; the app is blameless. */
export async function brokenAround(
	rule: RuleNumber,
	engine: (app: App) => App,
	request: MemoryRequest = {},
): Promise<void> {
	const app: App = async (message) => {
		await message.text();
		return respond(200, null, fromIterable(['fine']));
	};
	const errors: unknown[] = [];
	const wrapped = engine(lint(app, { report: (error) => errors.push(error) }));
	const answer = await ask(wrapped, request);
	await answer.bytes().catch((error: unknown) => errors.push(error));
	errors.push(answer.error);
	const numbers = errors.filter((error) => error instanceof LintError).map((error) => error.rule);
	assert.deepEqual([...new Set(numbers)], [rule]);
}

/** Middleware that changes what the app is called with. */
export function instead(
	change: (request: IncomingRequest, context: Context) => [unknown, unknown, unknown?],
): (app: App) => App {
	return (app) => (request, context) => (app as (...args: unknown[]) => Response)(...change(raw(request), context));
}
