import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { tableUnder } from './markdown-table.ts';
import { membersOf } from './members.ts';

const read = (path: string): string => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8');
const namesUnder = (page: string, heading: string): string[] =>
	tableUnder(read(page), heading).map(([name = '']) => name);

const tables: [page: string, heading: string, source: string, type: string][] = [
	['docs/limits-and-addresses.md', 'Options of `clientAddress`', 'client-address/options', 'ClientAddressOptions'],
	['docs/limits-and-addresses.md', 'Options of `rateLimit`', 'rate-limit/options', 'RateLimitOptions'],
	['docs/limits-and-addresses.md', 'Options of `ipAllow`', 'ip-allow/options', 'IpAllowOptions'],
	['docs/limits-and-addresses.md', 'Options of `maintenance`', 'maintenance/options', 'MaintenanceOptions'],
	['docs/rewriting.md', '`redirect`', 'redirect/redirect', 'RedirectTo'],
	['docs/rewriting.md', '`httpsRedirect`', 'redirect/https-redirect', 'HttpsRedirectOptions'],
	['docs/rewriting.md', '`canonicalHost`', 'redirect/canonical-host', 'CanonicalHostOptions'],
	['docs/rewriting.md', '`trailingSlash`', 'redirect/trailing-slash', 'TrailingSlashOptions'],
];
for (const [page, heading, source, type] of tables)
	test(`${page} names every member of ${type}`, () => {
		const members = membersOf(read(`src/middleware/${source}.ts`), type);
		assert.ok(members.length > 0);
		assert.deepEqual(namesUnder(page, heading), members);
	});
