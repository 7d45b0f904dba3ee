/** The charset of a page: what it declares, and what it is when it declares nothing. Out it goes as UTF-8. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fromIterable } from '../../../src/bytes/index.ts';
import { ask } from '../../../src/engine/memory/index.ts';
import { PageDecoder } from '../../../src/theme/http/charset/index.ts';
import { fakeThemer, page, streamingThemer, watched } from './fake-themer.ts';

const latin1 = (text: string): Uint8Array => Buffer.from(text, 'latin1');
const utf8 = (text: string): Uint8Array => Buffer.from(text, 'utf8');
const utf16 = (text: string): Uint8Array => Buffer.from(`\ufeff${text}`, 'utf16le');
const swapped = (bytes: Uint8Array): Uint8Array => Buffer.from(bytes).swap16();
const FILL = ' '.repeat(1100);

const PAGES: readonly [name: string, type: string, bytes: Uint8Array, text: string][] = [
	['Content-Type', 'text/html; charset=windows-1252', latin1('<p>\x80\xe9'), '<p>€é'],
	['Content-Type in another case', 'text/html; Charset="ISO-8859-1"', latin1('<p>\xe9'), '<p>é'],
	['Content-Type with spaces', 'text/html; charset = iso-8859-1', latin1('<p>\xe9'), '<p>é'],
	['Shift_JIS', 'text/html; charset=Shift_JIS', Buffer.from([0x3c, 0x70, 0x3e, 0x93, 0xfa, 0x96, 0x7b]), '<p>日本'],
	['ISO-8859-2', 'text/html; charset=iso-8859-2', latin1('<p>\xe8'), '<p>č'],
	['a mark against Content-Type', 'text/html; charset=iso-8859-1', utf8('\ufeff<p>é'), '<p>é'],
	['UTF-16LE by its mark', 'text/html', utf16('<p>é'), '<p>é'],
	['UTF-16BE by its mark', 'text/html', swapped(utf16('<p>é')), '<p>é'],
	['meta charset', 'text/html', latin1('<meta charset=iso-8859-15><p>\xa4'), '<meta charset=iso-8859-15><p>€'],
	[
		'http-equiv',
		'text/html',
		latin1('<meta http-equiv="Content-Type" content="text/html; charset=windows-1251"><p>\xe9'),
		'<meta http-equiv="Content-Type" content="text/html; charset=windows-1251"><p>й',
	],
	[
		'content before http-equiv',
		'text/html',
		latin1("<META CONTENT='text/html;charset=koi8-r' HTTP-EQUIV=content-type><p>\xc1"),
		"<META CONTENT='text/html;charset=koi8-r' HTTP-EQUIV=content-type><p>а",
	],
	[
		'a declaration in a comment',
		'text/html',
		utf8('<!-- <meta charset=koi8-r> --><p>é'),
		'<!-- <meta charset=koi8-r> --><p>é',
	],
	[
		'an XML declaration',
		'application/xhtml+xml',
		latin1('<?xml version="1.0" encoding="iso-8859-2"?><p>\xe8'),
		'<?xml version="1.0" encoding="iso-8859-2"?><p>č',
	],
	['meta that says UTF-16', 'text/html', utf8('<meta charset=utf-16><p>é'), '<meta charset=utf-16><p>é'],
	[
		'unknown in Content-Type, known in meta',
		'text/html; charset=klingon',
		latin1('<meta charset=iso-8859-1><p>\xe9'),
		'<meta charset=iso-8859-1><p>é',
	],
	[
		'meta behind the first 1024 bytes',
		'text/html',
		utf8(`${FILL}<meta charset=koi8-r>é`),
		`${FILL}<meta charset=koi8-r>é`,
	],
	['nothing, and UTF-8', 'text/html', utf8('<p>é日'), '<p>é日'],
	['nothing, and not UTF-8', 'text/html', latin1('<p>\xe9 \x80'), '<p>é €'],
	['nothing, not UTF-8, and long', 'text/html', latin1(`${FILL}<p>\xe9 x`), `${FILL}<p>é x`],
	['nothing, UTF-8, and long', 'text/html', utf8(`${FILL}<p>日é`), `${FILL}<p>日é`],
	['malformed', 'text/html; charset=utf-8', Buffer.from([0x61, 0xff, 0x62]), 'a\ufffdb'],
	['cut at the end', 'text/html; charset=utf-8', Buffer.from([0x61, 0xe2, 0x82]), 'a\ufffd'],
];

test('a page is read in its charset, in one piece', () => {
	for (const [name, type, bytes, text] of PAGES) assert.equal(new PageDecoder(type, null).whole(bytes), text, name);
});

test('and split at every byte', () => {
	for (const [name, type, bytes, text] of PAGES) {
		for (let at = 0; at <= bytes.length; at++) {
			const decoder = new PageDecoder(type, null);
			const got = decoder.write(bytes.subarray(0, at)) + decoder.write(bytes.subarray(at)) + decoder.end();
			assert.equal(got, text, `${name} at ${at}`);
		}
		const single = new PageDecoder(type, null);
		const got = Array.from(bytes, (byte) => single.write(Uint8Array.of(byte))).join('') + single.end();
		assert.equal(got, text, `${name} byte by byte`);
	}
});

test('a page that says nothing is what the option says', () => {
	assert.equal(new PageDecoder('text/html', 'koi8-r').whole(latin1('\xc1')), 'а');
	assert.equal(new PageDecoder('text/html; charset=utf-8', 'koi8-r').whole(utf8('é')), 'é');
});

test('text is ready as soon as the charset is settled', () => {
	const said = new PageDecoder('text/html; charset=utf-8', null);
	assert.equal(said.write(utf8('<p>one')), '<p>one');
	const meta = new PageDecoder('text/html', null);
	assert.equal(meta.write(utf8('<meta char')), '');
	assert.equal(meta.write(utf8('set=utf-8><p>')), '<meta charset=utf-8><p>');
});

test('a themed page leaves as UTF-8 and says so', async () => {
	for (const themer of [fakeThemer(), streamingThemer()]) {
		const body = fromIterable([latin1('<p>\xe9'), latin1('\x80')]);
		const answer = await ask(watched(themer).layer(page(body, { 'Content-Type': 'text/html; charset=windows-1252' })));
		assert.equal(answer.fields.get('content-type'), 'text/html;charset=utf-8');
		assert.equal(await answer.text(), '[theme]<p>é€[/theme]');
	}
});

test('a page in a charset that browsers refuse passes through', async () => {
	for (const themer of [fakeThemer(), streamingThemer()]) {
		const { layer, lines } = watched(themer, { report: 'all' });
		const body = fromIterable([utf8('<p>~{VPND~}')]);
		const answer = await ask(layer(page(body, { 'Content-Type': 'text/html; charset=hz-gb-2312' })));
		assert.equal(await answer.text(), '<p>~{VPND~}');
		assert.equal(answer.fields.get('x-turnabout-theme'), 'skipped; reason=charset');
		assert.equal(lines.length, 1);
	}
});
