/** What is put into a page for its browser: a script that can be read by one, and data that cannot become anything else. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Script } from 'node:vm';
import { atEnd, CLIENT_SCRIPT, clientMarkup } from '../../../src/theme/debug/client.ts';

const INLINE = { kind: 'inline', nonce: null } as const;
const data = { events: '/e', revision: 'r', report: null };

test('the script is a script, and needs nothing that policies forbid', () => {
	assert.doesNotThrow(() => new Script(CLIENT_SCRIPT));
	assert.doesNotMatch(CLIENT_SCRIPT, /\beval\b|new Function|innerHTML|outerHTML|insertAdjacentHTML|document\.write/);
	assert.doesNotMatch(CLIENT_SCRIPT, /https?:|url\(|import\b/);
});

test('nothing in the script ends its element, in HTML or in XHTML', () => {
	assert.doesNotMatch(CLIENT_SCRIPT, /<\/script|<!--|<script|\]\]>/i);
});

test('data cannot end its element, whatever it says', () => {
	const events = '</script><script>alert(1)</script><!--<script>]]>&amp;\u2028';
	const markup = clientMarkup({ ...data, events }, INLINE, '/file');
	const json = markup.slice('<script type="application/json">'.length, markup.indexOf('</script>'));
	assert.doesNotMatch(json, /[<>&\u2028]/);
	assert.equal(JSON.parse(json).events, events);
});

test('the script stands in the page, with the nonce of its policy, or in a file', () => {
	assert.match(clientMarkup(data, INLINE, '/file'), /<script>\/\/<!\[CDATA\[\n/);
	assert.match(clientMarkup(data, { kind: 'inline', nonce: 'n0' }, '/file'), /<script nonce="n0">/);
	const outside = clientMarkup(data, { kind: 'file' }, '/a?"b"&c');
	assert.ok(outside.endsWith('</script><script src="/a?&quot;b&quot;&amp;c"></script>'));
	assert.ok(!outside.includes(CLIENT_SCRIPT));
});

test('it stands right before the end of body, or at the end', () => {
	for (const [page, expected] of [
		['<p>a</body></html>', '<p>aX</body></html>'],
		['<p>a</BODY>\n</html>\n', '<p>aX</BODY>\n</html>\n'],
		['<p>a</html>', '<p>aX</html>'],
		['<p>a', '<p>aX'],
		['', 'X'],
		['<p></body></html><!-- more -->', '<p></body></html><!-- more -->X'],
	] as const) {
		assert.equal(atEnd(page, 'X'), expected);
	}
});
