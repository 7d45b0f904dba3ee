import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { hashPassword } from '../../src/middleware/basic-auth/index.ts';
import { basicAuthSettings } from '../../src/middleware/basic-auth/options.ts';
import { bearerSettings } from '../../src/middleware/bearer/options.ts';
import { forwardAuthSettings } from '../../src/middleware/forward-auth/options.ts';
import { membersOf } from './members.ts';

const read = (path: string): string => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8');
const page = read('docs/authentication.md');

/** Rows of options under a heading, whichever tables they stand in: the names and the default. */
function optionsUnder(heading: string): readonly (readonly [name: string, otherwise: string])[] {
	const section = page.split(`\n## ${heading}\n`)[1]?.split('\n## ')[0] ?? '';
	return [...section.matchAll(/^\| ((?:`\w+`(?:, )?)+) \|([^|]*)\|/gm)].flatMap(([, names = '', otherwise = '']) =>
		names.split(', ').map((name) => [name.replaceAll('`', ''), otherwise.replaceAll('`', '').trim()] as const),
	);
}

const common = optionsUnder('What they have in common').map(([name]) => name);
const issued = { issuer: 'a', audience: 'b', secret: 'x'.repeat(32) };

const layers = [
	[
		'Names and passwords',
		'basic-auth',
		'BasicAuthOptions',
		basicAuthSettings({ users: { ann: await hashPassword('x', 'scrypt') } }),
	],
	['Tokens', 'bearer', 'BearerOptions', bearerSettings(issued)],
	['API keys', 'api-key', 'ApiKeyOptions', {}],
	['Certificates', 'client-certificate', 'ClientCertificateOptions', {}],
	['An authorization server', 'forward-auth', 'ForwardAuthOptions', forwardAuthSettings('http://auth/', {})],
] as const;

for (const [heading, folder, type, settings] of layers) {
	test(`docs/authentication.md names every option of ${folder}, with its number`, () => {
		const documented = optionsUnder(heading);
		const own = membersOf(read(`src/middleware/${folder}/options.ts`), type).filter((name) => !common.includes(name));
		assert.deepEqual(documented.map(([name]) => name).toSorted(), own.toSorted());
		for (const [name, value] of Object.entries(settings) as [string, unknown][]) {
			if (typeof value !== 'number') continue;
			const [, otherwise = ''] = documented.find(([option]) => option === name) ?? [];
			assert.equal(/^\d+/.exec(otherwise)?.[0], String(value), name);
		}
	});
}

test('docs/authentication.md names every option that they have in common', () => {
	assert.deepEqual(common, membersOf(read('src/middleware/guard-options.ts'), 'GuardOptions'));
});
