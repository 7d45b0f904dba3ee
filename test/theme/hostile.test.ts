/**
 * Hostile content and rules through a whole plan: time grows with length and no faster; and beyond a limit a page passes
 * through as it came, with a field and a line that say so. Growth is compared, never time itself.
 */
import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { page } from '../../bench/micro/theme-pages.ts';
import { hostilePages } from '../../bench/theme/hostile-pages.ts';
import { hostileRules } from '../../bench/theme/hostile-rules.ts';
import { facts, planOf } from '../../bench/theme/rule-sets.ts';
import { fromIterable } from '../../src/bytes/index.ts';
import { type App, lint, respond } from '../../src/convention/index.ts';
import { ask } from '../../src/engine/memory/index.ts';
import { type RulesInput, type ThemeLogEntry, type ThemeOptions, theme } from '../../src/theme/index.ts';
import { PageRun, type Plan } from '../../src/theme/plan/index.ts';

/** Twelve times as long: linear is 12, with the square it would be 144. */
const TIMES = 12;
const MOST = 48;
const SHORT = 20_000;
/** Neighbours on the machine, and collected garbage, may spoil some tries; not all of them. */
const TRIES = 6;

function cpuTime(plan: Plan, source: string): number {
	const before = process.cpuUsage();
	const run = new PageRun(plan, facts);
	run.write(source);
	run.end();
	const { user, system } = process.cpuUsage(before);
	return user + system;
}

/** The least of the tries grows no faster than the length does. */
function assertGrowth(plan: Plan, short: string, long: string): void {
	let [little, much] = [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY];
	for (let tried = 0; tried < TRIES; tried++) {
		// As much work for the short one, so that both are compiled, and the clock's steps matter for neither.
		let sum = 0;
		for (let i = 0; i < TIMES; i++) sum += cpuTime(plan, short);
		little = Math.min(little, sum / TIMES);
		much = Math.min(much, cpuTime(plan, long));
		if (tried > 0 && much < little * MOST) return;
	}
	assert.fail(`${TIMES} times as long takes ${(much / little).toFixed(1)} times as long`);
}

test('the time of hostile content grows with its length, without limits that would end it', async (t) => {
	const unlimited = { maxNodes: 10_000_000, maxDepth: 10_000_000 };
	for (const mode of ['html', 'xhtml'] as const) {
		const plan = planOf('36', { ...unlimited, mode });
		for (const { name, page: hostile } of hostilePages) {
			await t.test(`${mode}: ${name}`, () => assertGrowth(plan, hostile(SHORT), hostile(SHORT * TIMES)));
		}
	}
});

test('the time of rules that ask for everything grows with the page', async (t) => {
	for (const { name, plan } of hostileRules) {
		await t.test(name, () => assertGrowth(plan(), page(SHORT), page(SHORT * TIMES)));
	}
});

test('content that comes a few characters at a time is looked at a few times only', async (t) => {
	const plan = planOf('stream', { uniqueIds: true, maxDepth: 10_000_000 });
	const steps = (source: string): number => {
		const before = process.cpuUsage();
		const run = new PageRun(plan, facts);
		for (let at = 0; at < source.length; at += 16) run.write(source.slice(at, at + 16));
		run.end();
		const { user, system } = process.cpuUsage(before);
		return user + system;
	};
	for (const name of [
		'a comment without an end',
		'a quote without an end',
		'a start tag of many attributes',
		'bare text',
	]) {
		const hostile = hostilePages.find((one) => one.name === name);
		assert.ok(hostile !== undefined, name);
		await t.test(name, () => {
			let best = Number.POSITIVE_INFINITY;
			for (let tried = 0; tried < TRIES && best >= MOST; tried++) {
				steps(hostile.page(SHORT));
				best = Math.min(best, steps(hostile.page(SHORT * TIMES)) / steps(hostile.page(SHORT)));
			}
			assert.ok(best < MOST, `${TIMES} times as long takes ${best.toFixed(1)} times as long`);
		});
	}
});

/** The condition waits for the end of the content, and so does every byte. */
const RULES: RulesInput = {
	skip: [{ content: '.plain' }],
	theme: { html: '<!DOCTYPE html><html><head><title>T</title></head><body><main id=main>theme</main></body></html>' },
	rules: [{ fill: { theme: '#main', content: '#content' } }],
};
const HTML = { 'content-type': 'text/html; charset=utf-8' };

function layered(
	t: TestContext,
	app: App,
	rules: RulesInput,
	options: ThemeOptions,
): { app: App; log: ThemeLogEntry[] } {
	const log: ThemeLogEntry[] = [];
	const layer = theme(rules, { ...options, log: (entry) => log.push(entry) });
	t.after(() => layer.close());
	return { app: lint(layer(app)), log };
}

/** Templates that call each other for ever. */
const ENDLESS: RulesInput = {
	...RULES,
	xml: '<xsl:template match="p[@class]"><xsl:apply-templates select="."/></xsl:template>',
};

/** Each edit within another takes some of the stack. */
const EDITED: RulesInput = { ...RULES, rules: [...(RULES.rules ?? []), { before: { content: 'b', html: 'x' } }] };

const inside = (markup: string): string => `<div id="content">${markup}</div>`;

const LIMITS: readonly {
	readonly limit: string;
	readonly reason: string;
	readonly content: string;
	readonly rules?: RulesInput;
	readonly options: ThemeOptions;
}[] = [
	{ limit: 'bytes', reason: 'bytes', content: inside('x'.repeat(2_000)), options: { maxBytes: 1_000 } },
	{ limit: 'nodes', reason: 'limit', content: inside('<i>x</i>'.repeat(200)), options: { maxNodes: 100 } },
	{ limit: 'depth', reason: 'limit', content: inside('<i>'.repeat(200)), options: { maxDepth: 100 } },
	{
		limit: 'nodes by default',
		reason: 'limit',
		content: inside('<i>'.repeat(3) + '<b></b>'.repeat(500_000)),
		options: {},
	},
	{ limit: 'depth by default', reason: 'limit', content: inside('<b>'.repeat(50_000)), options: {} },
	{
		limit: 'depth, set beyond what the stack takes',
		reason: 'limit',
		content: inside('<b>'.repeat(50_000)),
		rules: EDITED,
		options: { maxDepth: 1_000_000 },
	},
	{ limit: 'templates', reason: 'limit', content: inside('<p class=a>x</p>'), rules: ENDLESS, options: {} },
];

for (const { limit, reason, content, rules = RULES, options } of LIMITS) {
	test(`beyond its limit of ${limit} a page goes out as it came, and says so`, async (t) => {
		for (const mode of ['html', 'xhtml'] as const) {
			for (const body of [content, Buffer.from(content), fromIterable([content.slice(0, 20), content.slice(20)])]) {
				const { app, log } = layered(t, () => respond(200, HTML, body), rules, { ...options, mode });
				const answer = await ask(app);
				assert.equal(await answer.text(), content);
				assert.equal(answer.fields.get('x-turnabout-theme'), `skipped; reason=${reason}`);
				assert.deepEqual(
					log.map(({ level, request }) => [level, request]),
					[['warn', 'GET /']],
				);
			}
		}
	});
}

test('a page that does not come in time goes out as it came, when it comes', async (t) => {
	const { promise, resolve } = Promise.withResolvers<void>();
	const body = async function* (): AsyncGenerator<Uint8Array> {
		yield Buffer.from('<div id="content">');
		await promise;
		yield Buffer.from('late</div>');
	};
	const { app, log } = layered(t, () => respond(200, HTML, fromIterable(body())), RULES, { timeout: 5, mode: 'xhtml' });
	const answer = await ask(app);
	resolve();
	assert.equal(await answer.text(), '<div id="content">late</div>');
	assert.equal(answer.fields.get('x-turnabout-theme'), 'skipped; reason=timeout');
	assert.equal(log.length, 1);
});

test('a page that has begun to leave is cut off at a limit, which is logged', async (t) => {
	// The title is certain when the head is over: rules like this let a page leave early.
	const title = { replace: { theme: 'title', content: 'head title' } };
	const early = { ...RULES, skip: [], rules: [title, ...(RULES.rules ?? [])] };
	for (const [content, options, body] of [
		['bytes', { maxBytes: 1_000 }, 'x'.repeat(2_000)],
		['depth', { maxDepth: 100 }, '<i>'.repeat(200)],
	] as const) {
		const pieces = fromIterable([`<title>x</title><p>${' '.repeat(100)}`, body]);
		const { app, log } = layered(t, () => respond(200, HTML, pieces), early, options);
		const answer = await ask(app);
		await assert.rejects(answer.text(), content);
		assert.deepEqual(
			log.map(({ level }) => level),
			['error'],
		);
	}
});

test('within the limits the same pages are themed', async (t) => {
	for (const { content, limit, rules = RULES } of LIMITS.slice(0, 3)) {
		const { app, log } = layered(t, () => respond(200, HTML, content), rules, {});
		const answer = await ask(app);
		assert.match(await answer.text(), /<title>T<\/title>/, limit);
		assert.equal(answer.fields.get('x-turnabout-theme'), null);
		assert.deepEqual(log, []);
	}
});
