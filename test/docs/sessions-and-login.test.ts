import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { settingsOf as oidcSettings } from '../../src/middleware/oidc/options.ts';
import { settingsOf as sessionsSettings } from '../../src/middleware/sessions/options.ts';
import { tableUnder } from './markdown-table.ts';
import { membersOf } from './members.ts';

const read = (path: string): string => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8');
const page = read('docs/sessions-and-login.md');

const tables: readonly [heading: string, file: string, type: string][] = [
	['Options of `sessions`', 'sessions', 'SessionsOptions'],
	["The cookie's options", 'sessions', 'SessionCookieOptions'],
	['Options of `csrf`', 'csrf', 'CsrfOptions'],
	['Options of `oidc`', 'oidc', 'OidcOptions'],
];
for (const [heading, folder, type] of tables) {
	test(`docs/sessions-and-login.md names every option of ${type}`, () => {
		const names = tableUnder(page, heading).map(([name = '']) => name);
		assert.deepEqual(names, membersOf(read(`src/middleware/${folder}/options.ts`), type));
	});
}

test('docs/sessions-and-login.md gives the defaults', () => {
	const sessions = sessionsSettings({ secret: 'x'.repeat(32) });
	const oidc = oidcSettings({ issuer: 'https://id.example', clientId: 'c' });
	const { sameSite, secure, path, partitioned } = sessions.cookie.attributes;
	const { name, persistent } = sessions.cookie;
	const cookie = { name, sameSite, secure, path, persistent, partitioned };
	const { origin, scope, issuer, clientId, clientSecret, secrets, parameters, required, ...plain } = oidc;
	for (const [heading, defaults] of [
		['Options of `sessions`', { idle: sessions.idle, absolute: sessions.absolute }],
		["The cookie's options", cookie],
		['Options of `oidc`', plain],
	] as const) {
		const written = new Map(tableUnder(page, heading).map(([option, value]) => [option, value]));
		for (const [option, value] of Object.entries(defaults)) assert.equal(written.get(option), String(value), option);
	}
	assert.equal(scope, 'openid profile email');
	assert.deepEqual([required, origin, clientSecret, parameters], [true, null, null, {}]);
	assert.deepEqual(
		secrets.map(({ length }) => length),
		[32],
	);
	assert.deepEqual([issuer.href, clientId], ['https://id.example/', 'c']);
});
