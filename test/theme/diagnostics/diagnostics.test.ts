import assert from 'node:assert/strict';
import { test } from 'node:test';
import { codeFrame, didYouMean, formatDiagnostics, type SourceFile } from '../../../src/theme/diagnostics/index.ts';

const place = (text: string, what: string) => {
	const file: SourceFile = { name: 'rules.xml', text };
	return { file, offset: text.indexOf(what), length: what.length };
};

test('a frame has the lines around and carets under the place', () => {
	const frame = codeFrame(place('a\nb\n\tcd ef\ng\nh\ni', 'ef'));
	assert.deepEqual(frame.split('\n'), [
		'  1 | a',
		'  2 | b',
		'> 3 |     cd ef',
		'    |        ^^',
		'  4 | g',
		'  5 | h',
	]);
});

test('the caret of a long line stands under what is shown of it', () => {
	for (const before of [0, 50, 95, 150, 5000]) {
		const [, line = '', carets = ''] = [
			'',
			...codeFrame(place(`${'x'.repeat(before)}WORD${'y'.repeat(300)}`, 'WORD')).split('\n'),
		];
		assert.equal(line.indexOf('WORD'), carets.indexOf('^'), `${before}`);
		assert.ok(line.length < 120);
		assert.match(carets, /\^{4}$/);
	}
});

test('a place behind the last character, and in an empty file, has a frame', () => {
	assert.match(codeFrame({ file: { name: 'a', text: '' }, offset: 0, length: 0 }), /\^/);
	assert.match(codeFrame({ file: { name: 'a', text: 'ab\n' }, offset: 3, length: 0 }), /> 2 \|\n/);
});

test('the nearest word is proposed, and none that is far', () => {
	assert.equal(didYouMean('repalce', ['before', 'replace']), `Did you mean 'replace'?`);
	assert.equal(didYouMean('zzz', ['before', 'replace']), null);
});

test('errors come before warnings, each with its place, code, lines and hint', () => {
	const where = place('<a/>', '<a');
	const text = formatDiagnostics([
		{ severity: 'warning', code: 'w', message: 'Hm.', hint: null, place: null },
		{ severity: 'error', code: 'e', message: 'No.', hint: 'Do.', place: where },
	]);
	assert.equal(text, 'rules.xml:1:1: error: No. [e]\n\n> 1 | <a/>\n    | ^^\n\n  Do.\n\nwarning: Hm. [w]');
});
