/** What cannot be meant is refused when the app is made: the option's name, then the reason. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type FastCgiOptions, fastcgi } from '../../../src/client/fastcgi/index.ts';

const root = '/srv/www';
const options: [options: unknown, message: RegExp][] = [
	[undefined, /^options: /],
	[{}, /^root: it is missing\. Write an absolute path such as "\/srv\/www"$/],
	[{ root: '' }, /^root: not a text/],
	[{ root: './www' }, /^root: not an absolute path: "\.\/www"\. Write .* `\$\{import\.meta\.dirname\}\/www`$/],
	[{ root: '/srv/../www' }, /^root: ".." has no place/],
	[{ root: '/srv\0' }, /^root: it holds a NUL/],
	[{ root, files: 'www' }, /^files: not an absolute path/],
	[{ root, index: 'a/b.php' }, /^index: not the name of a file/],
	[{ root, index: '' }, /^index: not a text/],
	[{ root, split: [] }, /^split: not a list/],
	[{ root, split: '.php' }, /^split: not a list/],
	[{ root, split: ['php'] }, /^split: not an ending/],
	[{ root, front: 'no' }, /^front: not true or false/],
	[{ root, env: 'A=b' }, /^env: neither/],
	[{ root, env: { 'A=': 'b' } }, /^env: not a variable's name/],
	[{ root, env: { A: 1 } }, /^env\.A: not a text/],
	[{ root, timeouts: { total: -1 } }, /^timeouts\.total: not a whole number/],
	[{ root, timeouts: { connect: '5s' } }, /^timeouts\.connect: not a whole number/],
	[{ root, timeouts: { first: 1 } }, /^timeouts\.first: there is no such option; there are connect, /],
	[{ root, pool: { connections: 0 } }, /^pool\.connections: at least one/],
	[{ root, pool: 4 }, /^pool: not an object/],
	[{ root, limits: { headBytes: Infinity } }, /^limits\.headBytes: not a whole number/],
	[{ root, requestBody: { folder: 'tmp' } }, /^requestBody\.folder: not an absolute path/],
	[{ root, requestBody: { most: 0.5 } }, /^requestBody\.most: not a whole number/],
	[{ root, requestBody: { whole: 1 } }, /^requestBody\.whole: not true or false/],
	[{ root, requestBody: 1 }, /^requestBody: not an object/],
	[{ root, otherwise: {} }, /^otherwise: not an app/],
	[{ root, log: true }, /^log: not a function/],
	[{ root, indx: 'x' }, /^indx: there is no such option; there are root, /],
];

for (const [given, message] of options) {
	test(`refused: ${JSON.stringify(given)}`, () => {
		assert.throws(() => fastcgi('127.0.0.1:9000', given as FastCgiOptions), { name: 'TypeError', message });
	});
}

for (const address of [
	'',
	'localhost',
	'127.0.0.1',
	':9000',
	'127.0.0.1:0',
	'127.0.0.1:65536',
	'http://localhost:9000',
	'::1:9000',
	9000,
]) {
	test(`no address: ${JSON.stringify(address)}`, () => {
		assert.throws(() => fastcgi(address as string, { root }), {
			name: 'TypeError',
			message: /^address: .* Write unix:/,
		});
	});
}

test('a unix socket without its path is no address', () => {
	assert.throws(() => fastcgi('unix:fpm.sock', { root }), { name: 'TypeError', message: /unix socket/ });
});

for (const [address, name] of [
	['unix:/run/php/php-fpm.sock', 'unix:/run/php/php-fpm.sock'],
	['127.0.0.1:9000', '127.0.0.1:9000'],
	['php:9000', 'php:9000'],
	['[::1]:9000', '[::1]:9000'],
] as const) {
	test(`an address: ${address}`, async () => {
		const app = fastcgi(address, { root, limits: { bodyBytes: Infinity } });
		assert.equal(app.origin.name, name);
		await app.close();
	});
}
