import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type ReverseOptions, reverse } from '../../src/proxy/reverse/index.ts';

test('options that cannot be meant are refused when the proxy is made, with the name and the reason', () => {
	const rows: readonly (readonly [object, RegExp])[] = [
		[{ fowarded: {} }, /^TypeError: reverse: fowarded: no such option; .*did you mean forwarded\?/],
		[{ location: 'mapp' }, /reverse: location must be "keep" or "map", not "mapp"/],
		[{ host: 'kepp' }, /reverse: host must be "keep" or "upstream", not "kepp"/],
		[{ via: 'yes' }, /reverse: via must be true or false, not "yes"/],
		[{ rewrite: {} }, /reverse: rewrite must be a function, not \{\}/],
		[{ prefix: '/a' }, /reverse: prefix must be an object, not "\/a"/],
		[{ prefix: { stripp: '/a' } }, /reverse: prefix\.stripp: no such option; .*did you mean strip\?/],
		[{ forwarded: { send: 'all' } }, /reverse: forwarded\.send must be "both" or "forwarded"/],
		[{ timeouts: { firstbyte: 5 } }, /reverse: timeouts\.firstbyte: no such option; .*did you mean firstByte\?/],
		[{ pool: { conections: 5 } }, /reverse: pool\.conections: no such option; .*did you mean connections\?/],
		[{ maxForwards: -1 }, /reverse: maxForwards must be a whole number from 0 up, not -1/],
	];
	for (const [options, message] of rows)
		assert.throws(() => reverse('http://127.0.0.1:1', options as ReverseOptions), message);
	assert.throws(() => reverse(undefined as unknown as string), /reverse: there is no upstream; give it a URL/);
});
