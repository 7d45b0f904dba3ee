import assert from 'node:assert/strict';
import { test } from 'node:test';
import { compileCss } from '../../../src/theme/css/index.ts';

const CASES: readonly (readonly [string, string])[] = [
	['head', 'head'],
	['head > meta', 'head'],
	['head meta, head > link:last-child', 'head'],
	['html > head meta + link', 'head'],
	['head:has(title) meta', 'head'],
	['head:last-child meta', 'end'],
	['html:has(p) head meta', 'end'],
	['head ~ body', 'body'],
	['head + div', 'end'],
	['title', 'end'],
	['head meta, title', 'end'],
	['body', 'body'],
	['body.x', 'body'],
	['html', 'body'],
	[':root.js', 'body'],
	['body:not(.x, #y)', 'body'],
	['body[class^=a]:is(.b, .c)', 'body'],
	['html.js > body', 'body'],
	['head > meta, body.x', 'body'],
	['body:has(.x)', 'end'],
	['body:not(:has(.x))', 'end'],
	['body:empty', 'end'],
	['body > p', 'end'],
	['.x', 'end'],
	['#x', '#x'],
	['#x.y', '#x'],
	['#x .y', '#x'],
	['.a #x > .y + .z:last-child', '#x'],
	['#x .y:has(~ b)', '#x'],
	['#x #y b', '#y'],
	['#x:has(.y)', '#x'],
	['#x:empty', '#x'],
	['#x:last-child', 'end'],
	['#x:has(+ .y)', 'end'],
	['#x + p', 'end'],
	['#x ~ #y', '#y'],
	['.a:has(b) #x', 'end'],
	['#x .y:not(body:has(.z) .y)', 'end'],
	['#x, #y', '#x #y'],
	['#x, .y', 'end'],
	['#x, head > meta', '#x'],
];

for (const [source, expected] of CASES) {
	test(`${source} is settled at ${expected}`, () => {
		const settlement = compileCss(source).settlement(true);
		assert.equal(
			typeof settlement === 'string' ? settlement : settlement.ids.map((id) => `#${id}`).join(' '),
			expected,
		);
	});
}

test('an id settles nothing where there may be two of it', () => {
	assert.equal(compileCss('#x .y').settlement(false), 'end');
});
