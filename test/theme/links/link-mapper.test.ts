import assert from 'node:assert/strict';
import { test } from 'node:test';
import { linkMapper } from '../../../src/theme/links/index.ts';
import type { LinkPlace } from '../../../src/theme/rules/index.ts';

const EVERYWHERE: readonly LinkPlace[] = [
	'href',
	'src',
	'srcset',
	'action',
	'style',
	'css',
	'meta',
	'location',
	'cookie',
];

const map = {
	'http://cms.internal:8080': '/',
	'http://cms.internal:8080/static/': 'https://cdn.example/s/',
	'http://old.internal/app': 'https://www.example',
	'http://deep.internal': '/deep',
	'/VirtualHostRoot': '',
};
const links = linkMapper({ map, in: EVERYWHERE });

const URLS: readonly (readonly [string, string])[] = [
	['http://cms.internal:8080', '/'],
	['http://cms.internal:8080/', '/'],
	['http://cms.internal:8080/a/b?c#d', '/a/b?c#d'],
	['http://cms.internal:8080?q', '/?q'],
	['http://cms.internal:8080#f', '/#f'],
	['http://cms.internal:80801/', 'http://cms.internal:80801/'],
	['http://cms.internal:8080.evil/', 'http://cms.internal:8080.evil/'],
	['http://cms.internal/', 'http://cms.internal/'],
	['HTTP://CMS.Internal:8080/Case', '/Case'],
	[' http://cms.internal:8080/x', '/x'],
	['//cms.internal:8080/x', '/x'],
	['https://cms.internal:8080/x', 'https://cms.internal:8080/x'],
	['http://cms.internal:8080/static/a.css', 'https://cdn.example/s/a.css'],
	['http://cms.internal:8080/static', '/static'],
	['http://cms.internal:8080/statics', '/statics'],
	['http://old.internal/app', 'https://www.example'],
	['http://old.internal/app/x', 'https://www.example/x'],
	['http://old.internal/apps', 'http://old.internal/apps'],
	['http://old.internal/APP', 'http://old.internal/APP'],
	['http://deep.internal', '/deep'],
	['http://deep.internal/x', '/deep/x'],
	['http://deep.internal?x', '/deep?x'],
	['/VirtualHostRoot/x', '/x'],
	['/VirtualHostRoot', '/'],
	['/VirtualHostRooted', '/VirtualHostRooted'],
	['http://cms.internal:8080//evil.example/x', '/evil.example/x'],
	['http://cms.internal:8080/\\evil.example/x', '/evil.example/x'],
	['/VirtualHostRoot//evil.example', '/evil.example'],
	['relative', 'relative'],
	['', ''],
];

for (const [url, expected] of URLS) {
	test(`${JSON.stringify(url)} is mapped to ${expected}`, () => assert.equal(links.url(url), expected));
}

test('a beginning with a slash at its end keeps one where its target has none', () => {
	const { url } = linkMapper({ map: { 'http://a/x/': 'https://b' }, in: [] });
	const mapped = linkMapper({ map: { 'http://a/x/': 'https://b' }, in: [] });
	assert.equal(typeof url, 'function');
	assert.deepEqual(
		['http://a/x/', 'http://a/x/y', 'http://a/x/?y'].map((one) => mapped.url(one)),
		['https://b', 'https://b/y', 'https://b?y'],
	);
});

const U = 'http://cms.internal:8080';

/** Element, attribute, value, mapped value, the place that it is. */
const ATTRIBUTES: readonly (readonly [string, string, string, string, LinkPlace | null])[] = [
	['a', 'href', `${U}/x`, '/x', 'href'],
	['base', 'href', `${U}/`, '/', 'href'],
	['use', 'xlink:href', `${U}/x#y`, '/x#y', 'href'],
	['img', 'src', `${U}/x`, '/x', 'src'],
	['video', 'poster', `${U}/x`, '/x', 'src'],
	['object', 'data', `${U}/x`, '/x', 'src'],
	['div', 'data', `${U}/x`, `${U}/x`, null],
	['img', 'srcset', `${U}/x 1x, ${U}/y 2x,z`, '/x 1x, /y 2x,z', 'srcset'],
	['form', 'action', `${U}/x`, '/x', 'action'],
	['button', 'formaction', `${U}/x`, '/x', 'action'],
	['p', 'style', `a: url(${U}/x); b: url('${U}/y')`, "a: url(/x); b: url('/y')", 'style'],
	['p', 'title', `${U}/x`, `${U}/x`, null],
	['meta', 'content', `${U}/x`, `${U}/x`, null],
];

for (const [name, attribute, value, expected, place] of ATTRIBUTES) {
	test(`${name} ${attribute} is ${place === null ? 'left alone' : `mapped as ${place}`}`, () => {
		const before = [
			{ name: 'id', value: U },
			{ name: attribute, value },
		];
		assert.equal((links.attributes(name, before) ?? before)[1]?.value, expected);
		assert.equal((links.attributes(name, before) ?? before)[0]?.value, U);
		assert.equal(links.attributes(name, [{ name: attribute, value: '/x' }]), null);
		if (place === null) return;
		const others = EVERYWHERE.filter((other) => other !== place);
		assert.equal(linkMapper({ map, in: others }).attributes(name, before), null);
		assert.notEqual(linkMapper({ map, in: [place] }).attributes(name, before), null);
		assert.ok(links.watchedAttributes.has(attribute));
	});
}

test('the page that a refresh leads to is mapped', () => {
	const mapped = (content: string): string | undefined => {
		const attributes = [
			{ name: 'content', value: content },
			{ name: 'http-equiv', value: 'Refresh' },
		];
		return (links.attributes('meta', attributes) ?? attributes)[0]?.value;
	};
	assert.equal(mapped(`0; url=${U}/x`), '0; url=/x');
	assert.equal(mapped(` 5;URL = '${U}/x'`), "5;URL = '/x'");
	assert.equal(mapped(`1,${U}/x`), '1,/x');
	assert.equal(mapped('5'), '5');
	assert.equal(mapped(' 0; url=/x'), ' 0; url=/x');
});

test('style sheets and Location fields are mapped where that is asked for', () => {
	assert.equal(links.css(`@import "${U}/a.css"; b { c: url( "${U}/d" ) }`), '@import "/a.css"; b { c: url( "/d" ) }');
	assert.equal(links.location(`${U}/x`), '/x');
	const none = linkMapper({ map, in: [] });
	assert.equal(none.css(`url(${U}/x)`), `url(${U}/x)`);
	assert.equal(none.location(`${U}/x`), `${U}/x`);
	assert.equal(none.setCookie('a=b; Domain=cms.internal'), 'a=b; Domain=cms.internal');
});

test('what a mapped URL would end is escaped', () => {
	const odd = linkMapper({ map: { 'http://a': '/x (1)"' }, in: ['css'] });
	assert.equal(odd.css('url(http://a/y) url("http://a/y")'), String.raw`url(/x\ \(1\)\"/y) url("/x (1)\"/y")`);
});

const COOKIES: readonly (readonly [string, string])[] = [
	['a=b', 'a=b'],
	['a=b; Path=/; HttpOnly', 'a=b; Path=/; HttpOnly'],
	['a=b; Domain=cms.internal; Secure', 'a=b; Secure'],
	['a=b; domain=.internal;path=/x', 'a=b;path=/x'],
	['a=b; Domain=old.internal; Path=/app/x', 'a=b; Domain=www.example; Path=/x'],
	['a=b; Domain=old.internal; Path=/app', 'a=b; Domain=www.example; Path=/'],
	['a=b; Domain=deep.internal; Path=/', 'a=b; Path=/deep/'],
	['a=b; Domain=other.example; Path=/app', 'a=b; Domain=other.example; Path=/app'],
	['a=Domain=cms.internal; SameSite=Lax', 'a=Domain=cms.internal; SameSite=Lax'],
	['a=b; Path=/VirtualHostRoot/x', 'a=b; Path=/x'],
];

for (const [cookie, expected] of COOKIES) {
	test(`Set-Cookie: ${cookie} becomes ${expected}`, () => assert.equal(links.setCookie(cookie), expected));
}
