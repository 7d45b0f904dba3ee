import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { CERTIFICATE_FILE, KEY_FILE } from '../../src/intercept/authority-store.ts';
import { certificateAuthority } from '../../src/intercept/index.ts';
import { interceptSettings } from '../../src/intercept/options.ts';
import { tableUnder } from './markdown-table.ts';
import { membersOf } from './members.ts';

const read = (path: string): string => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8');
const page = read('docs/interception.md');

test('docs/interception.md names every option of intercept, with its default', () => {
	const rows = tableUnder(page, 'Options of `intercept`');
	const names = rows.map(([name = '']) => name);
	assert.deepEqual(names, membersOf(read('src/intercept/options.ts'), 'InterceptOptions'));
	const settings = interceptSettings({ hosts: [], ca: certificateAuthority() }) as unknown as Record<string, unknown>;
	for (const [name = '', value = ''] of rows) {
		const documented = value.replace(/^'(.*)'$/, '$1');
		if (typeof settings[name] !== 'object' && typeof settings[name] !== 'function')
			assert.equal(documented, `${settings[name] as string | number | boolean}`, name);
	}
});

test('docs/interception.md names the files of the authority', () => {
	assert.deepEqual(
		tableUnder(page, 'The authority').map(([name]) => name),
		[KEY_FILE, CERTIFICATE_FILE],
	);
});
