import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { cookieValue, FieldList, formatSetCookie, parseCookies } from '../../src/fields/index.ts';

const cookies = (...lines: string[]): Map<string, string> =>
	parseCookies(FieldList.of(lines.flatMap((line) => ['Cookie', line])));

test('cookies are read by name, over all lines, without white space around them', () => {
	assert.deepEqual(
		[...cookies('a=1; b = 2 ;\tc="3"', 'd=4=5')],
		[
			['a', '1'],
			['b', '2'],
			['c', '"3"'],
			['d', '4=5'],
		],
	);
});

test('the first cookie of a name counts', () => {
	assert.equal(cookies('a=1; a=2', 'a=3').get('a'), '1');
	assert.equal(cookieValue(FieldList.of(['Cookie', 'a=1; a=2']), 'a'), '1');
});

test('what has no name is no cookie', () => {
	assert.deepEqual([...cookies('', ';;;', '=__Host-session=evil', 'nothing; =x; a=1')], [['a', '1']]);
});

test('names of the prototype are names like any other', () => {
	const read = cookies('__proto__=1; constructor=2');
	assert.equal(read.get('__proto__'), '1');
	assert.equal(read.get('toString'), undefined);
	assert.equal(({} as Record<string, unknown>)['1'], undefined);
});

test('no more than 256 cookies are read', () => {
	const line = Array.from({ length: 1000 }, (_, i) => `n${i}=v`).join('; ');
	assert.equal(cookies(line).size, 256);
	assert.equal(cookieValue(FieldList.of(['Cookie', line]), 'n255'), 'v');
	assert.equal(cookieValue(FieldList.of(['Cookie', line]), 'n256'), null);
});

test('the time to read cookies grows with their length and no faster', () => {
	const time = (length: number): number => {
		const fields = FieldList.of(['Cookie', 'a;'.repeat(length)]);
		const began = performance.now();
		assert.equal(parseCookies(fields).size, 0);
		return performance.now() - began;
	};
	time(100_000);
	const [short, long] = [time(100_000), time(800_000)];
	assert.ok(long < Math.max(short, 2) * 40, `${short} ms, and ${long} ms for eight times as much`);
});

test('whatever a client sends is read without an error', () => {
	const latin1 = fc.string({ unit: fc.integer({ min: 0x20, max: 0xff }).map((code) => String.fromCharCode(code)) });
	fc.assert(
		fc.property(fc.array(latin1.filter((line) => !/[\x7f]/.test(line))), (lines) => {
			const read = cookies(...lines);
			for (const [name, value] of read) {
				assert.ok(name !== '' && !/[;=]/.test(name) && !value.includes(';'));
				assert.equal(cookieValue(FieldList.of(lines.flatMap((line) => ['Cookie', line])), name), value);
			}
		}),
	);
});

const token = fc.string({ unit: fc.constantFrom(...Array.from('!#$%&*+-.^_`|~09AZaz')), minLength: 1, maxLength: 40 });
const octets = fc.string({
	unit: fc.constantFrom(...Array.from("!#$%&'()*+-./09:<=>?@AZ[]^_`az{|}~")),
	maxLength: 200,
});

test('what is set comes back as it was', () => {
	fc.assert(
		fc.property(token, octets, (name, value) => {
			fc.pre(!/^__(?:host|secure|http)-/i.test(name));
			const [pair = ''] = formatSetCookie(name, value, { path: '/', secure: true }).split('; ');
			assert.deepEqual([...cookies(pair)], [[name, value]]);
		}),
	);
});

test('no text makes a second attribute or a second line', () => {
	fc.assert(
		fc.property(fc.string(), fc.string(), fc.string(), fc.string(), (name, value, path, domain) => {
			let line: string;
			try {
				line = formatSetCookie(name, value, { path, domain });
			} catch (error) {
				assert.ok(error instanceof TypeError);
				return;
			}
			assert.match(line, /^[\x20-\x7e]+$/);
			assert.equal(line.split(';').length, 3);
		}),
	);
});

test('attributes are written as RFC 6265bis says', () => {
	assert.equal(
		formatSetCookie('a', 'b', {
			domain: 'example.com',
			path: '/x y',
			expires: new Date(0),
			maxAge: -1,
			secure: true,
			httpOnly: true,
			sameSite: 'None',
			partitioned: true,
		}),
		'a=b; Domain=example.com; Path=/x y; Expires=Thu, 01 Jan 1970 00:00:00 GMT; Max-Age=-1; Secure; HttpOnly; SameSite=None; Partitioned',
	);
	assert.equal(formatSetCookie('__Host-a', '"b"', { path: '/', secure: true }), '__Host-a="b"; Path=/; Secure');
});

const refused: readonly [string, ...Parameters<typeof formatSetCookie>][] = [
	['an empty name', '', 'x'],
	['a separator in the name', 'a;b', 'x'],
	['a line end in the value', 'a', 'x\r\nSet-Cookie: b=c'],
	['a semicolon in the value', 'a', 'x; Secure'],
	['a space in the value', 'a', 'x y'],
	['a comma in the value', 'a', 'x,y'],
	['one quote', 'a', '"x'],
	['text beyond ASCII', 'a', 'é'],
	['a semicolon in the path', 'a', 'x', { path: '/; Domain=evil' }],
	['a path without a slash', 'a', 'x', { path: 'x' }],
	['a path that is too long', 'a', 'x', { path: `/${'x'.repeat(1024)}` }],
	['a semicolon in the domain', 'a', 'x', { domain: 'a.example; Path=/' }],
	['a domain that begins with a dot', 'a', 'x', { domain: '.example' }],
	['a date that is none', 'a', 'x', { expires: new Date('never') }],
	['half a second', 'a', 'x', { maxAge: 0.5 }],
	['a SameSite that nobody knows', 'a', 'x', { sameSite: 'lax' as 'Lax' }],
	['SameSite=None without Secure', 'a', 'x', { sameSite: 'None' }],
	['Partitioned without Secure', 'a', 'x', { partitioned: true }],
	['__Secure- without Secure', '__Secure-a', 'x'],
	['__Host- without Secure', '__Host-a', 'x', { path: '/' }],
	['__host- in any case', '__hOST-a', 'x', { path: '/' }],
	['__Host- with another path', '__Host-a', 'x', { path: '/x', secure: true }],
	['__Host- without a path', '__Host-a', 'x', { secure: true }],
	['__Host- with a domain', '__Host-a', 'x', { path: '/', secure: true, domain: 'a.example' }],
	['__Http- without HttpOnly', '__Http-a', 'x', { secure: true }],
	['more than 4096 octets', 'a', 'x'.repeat(4096)],
];
for (const [what, ...call] of refused) {
	test(`no cookie is made with ${what}`, () => {
		assert.throws(() => formatSetCookie(...call), TypeError);
	});
}
