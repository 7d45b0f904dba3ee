/** Which responses are used again: by what they say, by what the client says, by when they came. One row each, on real sockets. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { CacheOptions } from '../../src/cache/index.ts';
import { cacheFront, dated, response } from './front.ts';

interface Row {
	/** Fields of the origin's response. */
	readonly says: readonly string[];
	readonly status?: string;
	/** Of the first and of the second request. */
	readonly first?: readonly string[];
	readonly second?: readonly string[];
	readonly options?: CacheOptions;
}

const YES = true;
const NO = false;
const past = dated(-100_000);
const date = `Date: ${dated(0)}`;

const rows: readonly (readonly [reused: boolean, what: string, row: Row])[] = [
	// Freshness (RFC 9111 sections 4.2 and 5.2.2).
	[YES, 'max-age', { says: ['Cache-Control: max-age=100'] }],
	[NO, 'max-age=0', { says: ['Cache-Control: max-age=0'] }],
	[NO, 'nothing', { says: [] }],
	[YES, 'max-age in capitals', { says: ['Cache-Control: MaX-aGe=100'] }],
	[YES, 'max-age with leading zeros', { says: ['Cache-Control: max-age=000100'] }],
	[YES, 'max-age larger than any number', { says: ['Cache-Control: max-age=99999999999999999999'] }],
	[YES, 'max-age in double quotes', { says: ['Cache-Control: max-age="100"'] }],
	[NO, 'max-age in single quotes', { says: ["Cache-Control: max-age='100'"] }],
	[NO, 'a fraction', { says: ['Cache-Control: max-age=100.5'] }],
	[NO, 'a negative number', { says: ['Cache-Control: max-age=-100'] }],
	[NO, 'letters behind the number', { says: ['Cache-Control: max-age=100a'] }],
	[NO, 'a space before the =', { says: ['Cache-Control: max-age =100'] }],
	[NO, 'a space behind the =', { says: ['Cache-Control: max-age= 100'] }],
	[NO, 'two of them, one stale', { says: ['Cache-Control: max-age=100, max-age=0'] }],
	[NO, 'two lines, one stale', { says: ['Cache-Control: max-age=0', 'Cache-Control: max-age=100'] }],
	[NO, 'a fresh one within quotes only', { says: ['Cache-Control: ext="max-age=100, x", max-age=0'] }],
	[YES, 'a stale one within quotes only', { says: ['Cache-Control: ext="max-age=0, x", max-age=100'] }],
	[YES, 'an unknown directive beside it', { says: ['Cache-Control: foo, bar=7, max-age=100'] }],
	[YES, 's-maxage before max-age', { says: ['Cache-Control: max-age=0, s-maxage=100'] }],
	[NO, 's-maxage=0 before max-age', { says: ['Cache-Control: max-age=100, s-maxage=0'] }],
	[YES, 'Expires in the future', { says: [`Expires: ${dated(100)}`, date] }],
	[NO, 'Expires in the past', { says: [`Expires: ${past}`, date] }],
	[NO, 'Expires that is 0', { says: ['Expires: 0', date] }],
	[NO, 'two lines of Expires', { says: [`Expires: ${dated(100)}`, `Expires: ${dated(100)}`, date] }],
	[YES, 'max-age before an Expires in the past', { says: ['Cache-Control: max-age=100', `Expires: ${past}`] }],
	[NO, 'max-age=0 before an Expires in the future', { says: ['Cache-Control: max-age=0', `Expires: ${dated(100)}`] }],
	[YES, 'Expires in small letters', { says: [`Expires: ${dated(100).toLowerCase()}`, date] }],
	[NO, 'Expires in another zone', { says: [`Expires: ${dated(100).replace('GMT', 'AEST')}`, date] }],
	[NO, 'Expires before its Date', { says: [`Expires: ${dated(50)}`, `Date: ${dated(100)}`] }],
	[YES, 'Expires without a Date', { says: [`Expires: ${dated(100)}`] }],
	// Age (section 4.2.3).
	[NO, 'an Age beyond it', { says: ['Cache-Control: max-age=100', 'Age: 101'] }],
	[YES, 'an Age below it', { says: ['Cache-Control: max-age=100', 'Age: 90'] }],
	[YES, 'an Age that is none', { says: ['Cache-Control: max-age=100', 'Age: old'] }],
	[YES, 'a negative Age', { says: ['Cache-Control: max-age=100', 'Age: -101'] }],
	[YES, 'a list of Ages whose first is small', { says: ['Cache-Control: max-age=100', 'Age: 0, 7200'] }],
	[NO, 'an Age larger than any number', { says: ['Cache-Control: max-age=100', 'Age: 99999999999999999999'] }],
	[NO, 'a Date long ago', { says: ['Cache-Control: max-age=100', `Date: ${dated(-200)}`] }],
	[YES, 'a Date that is none', { says: ['Cache-Control: max-age=100', 'Date: yesterday'] }],
	// Heuristics (section 4.2.2).
	[YES, 'Last-Modified long ago', { says: [`Last-Modified: ${past}`, date] }],
	[NO, 'Last-Modified just now', { says: [`Last-Modified: ${dated(-1)}`, date] }],
	[YES, '404 with Last-Modified', { says: [`Last-Modified: ${past}`, date], status: '404 Not Found' }],
	[NO, '403 with Last-Modified', { says: [`Last-Modified: ${past}`, date], status: '403 Forbidden' }],
	[
		YES,
		'403 with Last-Modified, public',
		{ says: [`Last-Modified: ${past}`, date, 'Cache-Control: public'], status: '403 Forbidden' },
	],
	[NO, 'heuristics turned off', { says: [`Last-Modified: ${past}`, date], options: { heuristics: false } }],
	// Statuses.
	...[203, 204, 299, 301, 302, 307, 400, 404, 410, 499, 500, 503, 599].map(
		(status) =>
			[YES, `status ${status} with max-age`, { says: ['Cache-Control: max-age=100'], status: `${status} X` }] as const,
	),
	[
		NO,
		'status 206',
		{ says: ['Cache-Control: max-age=100', 'Content-Range: bytes 0-3/4'], status: '206 Partial Content' },
	],
	// Directives (section 5.2.2).
	[NO, 'no-store', { says: ['Cache-Control: no-store, max-age=100'] }],
	[NO, 'no-store in capitals, before', { says: ['Cache-Control: No-StOrE', 'Cache-Control: max-age=100'] }],
	[NO, 'private', { says: ['Cache-Control: private, max-age=100'] }],
	[YES, 'private with a field', { says: ['Cache-Control: private="x-one", max-age=100'] }],
	[NO, 'private with what is no field', { says: ['Cache-Control: private="x one", max-age=100'] }],
	[NO, 'no-cache', { says: ['Cache-Control: no-cache, max-age=100'] }],
	[YES, 'no-cache with a field', { says: ['Cache-Control: no-cache="x-one", max-age=100'] }],
	[YES, 'must-revalidate while fresh', { says: ['Cache-Control: must-revalidate, max-age=100'] }],
	[YES, 'must-understand, and no-store beside it', { says: ['Cache-Control: must-understand, no-store, max-age=100'] }],
	[
		NO,
		'must-understand with a status that nobody knows',
		{ says: ['Cache-Control: must-understand, max-age=100'], status: '299 X' },
	],
	[YES, 'Pragma: no-cache in a response', { says: ['Cache-Control: max-age=100', 'Pragma: no-cache'] }],
	// Targeted fields (RFC 9213).
	[YES, 'CDN-Cache-Control before no-store', { says: ['CDN-Cache-Control: max-age=100', 'Cache-Control: no-store'] }],
	[NO, 'CDN-Cache-Control: no-store', { says: ['CDN-Cache-Control: no-store', 'Cache-Control: max-age=100'] }],
	[NO, 'CDN-Cache-Control: private', { says: ['CDN-Cache-Control: private, max-age=100'] }],
	[
		YES,
		'CDN-Cache-Control that cannot be read',
		{ says: ['CDN-Cache-Control: MAX-AGE=0', 'Cache-Control: max-age=100'] },
	],
	[YES, 'CDN-Cache-Control that is empty', { says: ['CDN-Cache-Control:', 'Cache-Control: max-age=100'] }],
	[
		NO,
		'CDN-Cache-Control with a text for a number',
		{ says: ['CDN-Cache-Control: max-age="100"', 'Cache-Control: max-age=100'] },
	],
	[NO, 'a targeted field that is not ours', { says: ['Other-Cache-Control: max-age=100'] }],
	[
		YES,
		'a targeted field that is',
		{ says: ['Other-Cache-Control: max-age=100'], options: { targets: ['Other-Cache-Control'] } },
	],
	// What the client says (section 5.2.1).
	[NO, 'the client’s no-cache', { says: ['Cache-Control: max-age=100'], second: ['Cache-Control: no-cache'] }],
	[NO, 'the client’s Pragma', { says: ['Cache-Control: max-age=100'], second: ['Pragma: no-cache'] }],
	[
		YES,
		'the client’s Pragma beside Cache-Control',
		{ says: ['Cache-Control: max-age=100'], second: ['Pragma: no-cache', 'Cache-Control: foo'] },
	],
	[NO, 'the client’s no-store at first', { says: ['Cache-Control: max-age=100'], first: ['Cache-Control: no-store'] }],
	[NO, 'the client’s no-store later', { says: ['Cache-Control: max-age=100'], second: ['Cache-Control: no-store'] }],
	[
		NO,
		'the client’s max-age',
		{ says: ['Cache-Control: max-age=100', 'Age: 50'], second: ['Cache-Control: max-age=40'] },
	],
	[
		YES,
		'the client’s max-age that is kept',
		{ says: ['Cache-Control: max-age=100', 'Age: 50'], second: ['Cache-Control: max-age=60'] },
	],
	[
		NO,
		'the client’s min-fresh',
		{ says: ['Cache-Control: max-age=100', 'Age: 50'], second: ['Cache-Control: min-fresh=60'] },
	],
	[
		YES,
		'the client’s max-stale',
		{ says: ['Cache-Control: max-age=100', 'Age: 150'], second: ['Cache-Control: max-stale=60'] },
	],
	[
		YES,
		'the client’s max-stale without a bound',
		{ says: ['Cache-Control: max-age=100', 'Age: 150'], second: ['Cache-Control: max-stale'] },
	],
	[
		NO,
		'the client’s max-stale that is too small',
		{ says: ['Cache-Control: max-age=100', 'Age: 150'], second: ['Cache-Control: max-stale=40'] },
	],
	[
		NO,
		'the client’s max-stale against must-revalidate',
		{ says: ['Cache-Control: max-age=100, must-revalidate', 'Age: 150'], second: ['Cache-Control: max-stale'] },
	],
	[
		NO,
		'the client’s max-stale against s-maxage',
		{ says: ['Cache-Control: s-maxage=100', 'Age: 150'], second: ['Cache-Control: max-stale'] },
	],
	[
		YES,
		'clients who have no say',
		{ says: ['Cache-Control: max-age=100'], second: ['Cache-Control: no-cache'], options: { ignoreClients: true } },
	],
	// Authorization (section 3.5).
	[
		NO,
		'Authorization',
		{ says: ['Cache-Control: max-age=100'], first: ['Authorization: a'], second: ['Authorization: a'] },
	],
	[YES, 'Authorization and public', { says: ['Cache-Control: max-age=100, public'], first: ['Authorization: a'] }],
	[YES, 'Authorization and s-maxage', { says: ['Cache-Control: s-maxage=100'], first: ['Authorization: a'] }],
	[
		YES,
		'Authorization and must-revalidate',
		{ says: ['Cache-Control: max-age=100, must-revalidate'], first: ['Authorization: a'] },
	],
	// Vary (section 4.1).
	[
		YES,
		'Vary, and the same',
		{ says: ['Cache-Control: max-age=100', 'Vary: Foo'], first: ['Foo: 1'], second: ['Foo: 1'] },
	],
	[
		NO,
		'Vary, and another',
		{ says: ['Cache-Control: max-age=100', 'Vary: Foo'], first: ['Foo: 1'], second: ['Foo: 2'] },
	],
	[NO, 'Vary, and none', { says: ['Cache-Control: max-age=100', 'Vary: Foo'], first: ['Foo: 1'] }],
	[YES, 'Vary, and none both times', { says: ['Cache-Control: max-age=100', 'Vary: Foo'] }],
	[NO, 'Vary: *', { says: ['Cache-Control: max-age=100', 'Vary: *'] }],
	[NO, 'Vary with * among others', { says: ['Cache-Control: max-age=100', 'Vary: Foo, ,*'] }],
	[NO, 'Vary with * on another line', { says: ['Cache-Control: max-age=100', 'Vary: Foo', 'Vary: *'] }],
	[
		NO,
		'two lines of Vary, the second differs',
		{ says: ['Cache-Control: max-age=100', 'Vary: Foo', 'Vary: Bar'], first: ['Bar: 1'], second: ['Bar: 2'] },
	],
	[
		YES,
		'Vary, on two lines and on one',
		{ says: ['Cache-Control: max-age=100', 'Vary: Foo'], first: ['Foo: 1', 'Foo: 2'], second: ['Foo: 1,  2'] },
	],
	[
		YES,
		'Vary: Accept-Language in another order and case',
		{
			says: ['Cache-Control: max-age=100', 'Vary: Accept-Language'],
			first: ['Accept-Language: en, de'],
			second: ['Accept-Language: DE , EN'],
		},
	],
	[
		NO,
		'Vary: Accept-Language with other weights',
		{
			says: ['Cache-Control: max-age=100', 'Vary: Accept-Language'],
			first: ['Accept-Language: en, de;q=0.5'],
			second: ['Accept-Language: de, en;q=0.5'],
		},
	],
	// Cookies.
	[YES, 'Set-Cookie, to the letter', { says: ['Cache-Control: max-age=100', 'Set-Cookie: a=b'] }],
	[NO, 'Set-Cookie, by default', { says: ['Cache-Control: max-age=100', 'Set-Cookie: a=b'], options: { rfc: false } }],
	[
		YES,
		'Set-Cookie and public, by default',
		{ says: ['Cache-Control: max-age=100, public', 'Set-Cookie: a=b'], options: { rfc: false } },
	],
	// Rules.
	[NO, 'a request that goes past it', { says: ['Cache-Control: max-age=100'], options: { bypass: () => true } }],
	[YES, 'a ttl instead of nothing', { says: [], options: { ttl: () => 100 } }],
	[NO, 'a ttl that ends what would be fresh', { says: ['Cache-Control: max-age=100'], options: { ttl: () => 0 } }],
	[NO, 'a ttl against no-store', { says: ['Cache-Control: no-store'], options: { ttl: () => 100 } }],
	[
		NO,
		'a body larger than may be stored',
		{ says: ['Cache-Control: max-age=100'], options: { limits: { object: 3 } } },
	],
	[
		NO,
		'a header larger than may be stored',
		{ says: ['Cache-Control: max-age=100', `X: ${'x'.repeat(2_000)}`], options: { limits: { headers: '1KB' } } },
	],
];

for (const [reused, what, { says, status, first = [], second = [], options = {} }] of rows) {
	test(`${what}: ${reused ? 'used again' : 'not used again'}`, async (t) => {
		const bodiless = status?.startsWith('204') === true;
		let count = 0;
		const f = await cacheFront(
			t,
			() => {
				count++;
				return bodiless
					? `HTTP/1.1 204 No\r\n${says.join('\r\n')}\r\nCount: ${count}\r\n\r\n`
					: response([...says, `Count: ${count}`], 'body', status);
			},
			options,
		);
		const one = await f.ask('/a', first);
		const two = await f.ask('/a', second);
		assert.equal(one.get('count'), '1');
		assert.equal(two.get('count'), reused ? '1' : '2', JSON.stringify(two.get('cache-status')));
		assert.equal(two.status, one.status);
		if (reused) assert.match(two.get('cache-status') ?? '', /^turnabout; hit; ttl=-?\d+$/);
		if (reused) assert.ok(two.get('age') !== null);
		if (!bodiless && one.status !== 206) assert.equal(two.body, 'body');
	});
}
