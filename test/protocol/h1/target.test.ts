import assert from 'node:assert/strict';
import { test } from 'node:test';
import { messageOf, violationOf } from './recorder.ts';

const requestFor = (method: string, target: string): string => `${method} ${target} HTTP/1.1\r\nHost: host\r\n\r\n`;

const accepted: readonly (readonly [method: string, target: string, form: string, authority: string])[] = [
	['GET', '/', 'origin', 'host'],
	['GET', '//other/path', 'origin', 'host'],
	['GET', '/"<>\\^`{|}[]', 'origin', 'host'],
	['GET', '/?q=http://other/', 'origin', 'host'],
	['GET', 'http://other', 'absolute', 'other'],
	['GET', 'http://other/', 'absolute', 'other'],
	['GET', 'http://other:8080/a?b', 'absolute', 'other:8080'],
	['GET', 'http://other?b/c', 'absolute', 'other'],
	['GET', 'hTTpS://Other.Example:/x', 'absolute', 'Other.Example:'],
	['GET', 'http://[::1]:80/', 'absolute', '[::1]:80'],
	['OPTIONS', 'http://other', 'absolute', 'other'],
	['OPTIONS', '*', 'asterisk', 'host'],
	['OPTIONS', '/', 'origin', 'host'],
	['CONNECT', 'other:443', 'authority', 'other:443'],
	['CONNECT', '[2001:db8::1]:1', 'authority', '[2001:db8::1]:1'],
];

for (const [method, target, form, authority] of accepted) {
	test(`${method} ${target} has ${form}-form and the authority ${authority}`, () => {
		const { head } = messageOf('server', requestFor(method, target));
		assert.deepEqual([head.target, head.form, head.authority], [target, form, authority]);
	});
}

const refused: readonly (readonly [method: string, target: string])[] = [
	['GET', '*'],
	['GET', 'path'],
	['GET', 'other:443'],
	['GET', '*/'],
	['OPTIONS', '*a'],
	['GET', 'ftp://other/'],
	['GET', 'http:/other/'],
	['GET', 'http://'],
	['GET', 'http:///path'],
	['GET', 'http://user@other/'],
	['GET', 'http://user:pass@other/'],
	['GET', 'http://other:port/'],
	['GET', 'http://other:65536/'],
	['GET', 'http://other,third/'],
	['GET', 'http://oth[er/'],
	['GET', 'http://[::1/'],
	['GET', 'http://[::1]x/'],
	['GET', '/#fragment'],
	['GET', '/\x7f'],
	['GET', '/\x00'],
	['GET', '/\t'],
	['GET', '/\xe9'],
	['CONNECT', '/'],
	['CONNECT', 'other'],
	['CONNECT', 'other:'],
	['CONNECT', 'other:0'],
	['CONNECT', 'other:65536'],
	['CONNECT', ':443'],
	['CONNECT', 'user@other:443'],
	['CONNECT', 'http://other:443'],
	['CONNECT', 'other:443/'],
	['CONNECT', '*'],
];

for (const [method, target] of refused) {
	test(`${method} ${JSON.stringify(target)} is refused`, () => {
		assert.equal(violationOf('server', requestFor(method, target)), 'TARGET');
	});
}
