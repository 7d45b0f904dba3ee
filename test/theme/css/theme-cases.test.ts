import assert from 'node:assert/strict';
import { existsSync, globSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { compileCss, cssToXPath } from '../../../src/theme/css/index.ts';
import { compileXPath } from '../../../src/theme/xpath/index.ts';

const CASES = new URL('../../../../shared/theme-cases/', import.meta.url).pathname;

test('the selectors of published rules are understood', {
	skip: !existsSync(CASES) && 'the cases are not here',
}, () => {
	let count = 0;
	for (const path of globSync(`${CASES}*/*.xml`)) {
		for (const [, , text = ''] of readFileSync(path, 'utf8').matchAll(/css:(?!prefix)[a-z-]+=(["'])([^<]*?)\1/g)) {
			if (text === '') continue;
			count++;
			assert.equal(compileCss(text).source, text);
			compileXPath(cssToXPath(text, '//'));
		}
	}
	assert.ok(count > 100);
});
