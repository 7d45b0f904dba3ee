/** A second tag of html or body: what it adds, and up to when, in one piece and in many. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { HTML, themed } from './themed.ts';

const THEME = '<html><body class="t"><b>T</b></body></html>';

const table: readonly (readonly [content: string, selector: string, holds: boolean])[] = [
	['<p>x</p><body class="late" id="i">y', 'body.late', true],
	['<p>x</p><body class="late" id="i">y', '.late', true],
	['<p>x</p><body class="late" id="i">y', '#i', true],
	['<p class="late">x</p><body class="late">y', '.late + p', false],
	['<p>x</p><body><body class="late">y', '.late', false],
	['<body a="b">x<body class="late">y', 'body.late', false],
	['<body class="first">x<body class="late">y', 'body.late', false],
	['<html><html class="late"><head></head><body>', 'html.late', true],
	['<html class="first"><html class="late"><body>', 'html.late', false],
	['<html><head></head><html class="late"><body>', 'html.late', false],
];

for (const [content, selector, holds] of table) {
	test(`${selector} ${holds ? 'finds' : 'does not find'} it in ${content}`, () => {
		const rules = `<replace css:theme="b" css:if-content="${selector}"><i>K</i></replace>`;
		assert.equal(themed({ theme: THEME, content, rules, options: HTML }).includes('<i>K</i>'), holds);
	});
}

test("attributes of a body whose tag comes late are copied, and another tag's are not", () => {
	const rules = '<copy attributes="class id" theme="/html/body" content="/html/body"/>';
	const content = '<p>x</p><body class="c"><body class="d" id="e">';
	assert.match(themed({ theme: THEME, content, rules, options: HTML }), /<body class="c"><b>/);
});
