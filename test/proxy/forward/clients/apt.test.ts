/** apt, through the forward proxy, from a repository behind it. */
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { files } from '../../../../src/files/index.ts';
import { run, without } from '../../../support/programs.ts';
import { until } from '../../../support/until.ts';
import { place } from './place.ts';

for (const scheme of ['http', 'https'] as const) {
	test(`apt: update and download by ${scheme}`, without('apt'), async (t) => {
		const folder = mkdtempSync(join(tmpdir(), 'turnabout-apt-'));
		t.after(() => rmSync(folder, { recursive: true, force: true }));
		const site = join(folder, 'site/flat');
		for (const name of ['site/flat', 'state/lists/partial', 'cache/archives/partial'])
			mkdirSync(join(folder, name), { recursive: true });
		const content = 'what apt takes for a package';
		writeFileSync(join(site, 'far_1.0_all.deb'), content);
		const sum = createHash('sha256').update(content).digest('hex');
		const entry = { Package: 'far', Version: '1.0', Architecture: 'all', Maintainer: 'Ann <ann@example.org>' };
		const facts = {
			...entry,
			Filename: 'flat/far_1.0_all.deb',
			Size: content.length,
			SHA256: sum,
			Description: 'far away',
		};
		writeFileSync(
			join(site, 'Packages'),
			`${Object.entries(facts)
				.map((pair) => pair.join(': '))
				.join('\n')}\n`,
		);
		const p = await place(t, files(join(folder, 'site')));
		writeFileSync(join(folder, 'sources.list'), `deb [trusted=yes allow-insecure=yes] ${p[scheme]} flat/\n`);
		writeFileSync(join(folder, 'status'), '');
		const options = {
			'Dir::Etc::sourcelist': join(folder, 'sources.list'),
			'Dir::Etc::sourceparts': '-',
			'Dir::State': join(folder, 'state'),
			'Dir::State::status': join(folder, 'status'),
			'Dir::Cache': join(folder, 'cache'),
			'APT::Sandbox::User': '',
			'Acquire::Languages': 'none',
			[`Acquire::${scheme}::Proxy`]: p.proxy,
			'Acquire::https::CaInfo': p.ca,
		};
		const flags = Object.entries(options).flatMap(([name, value]) => ['-o', `${name}=${value}`]);
		const updated = await run('apt-get', [...flags, 'update']);
		assert.equal(updated.status, 0, updated.stdout + updated.stderr);
		const got = await run('sh', ['-c', 'cd "$0" && apt-get "$@"', folder, ...flags, 'download', 'far']);
		assert.equal(got.status, 0, got.stdout + got.stderr);
		assert.equal(readFileSync(join(folder, 'far_1.0_all.deb'), 'utf8'), content);
		const method = scheme === 'http' ? 'GET' : 'CONNECT';
		await until(() => p.audit.some((record) => record.method === method), 'an audit record');
		assert.ok(p.audit.every(({ outcome }) => outcome === 'allowed'));
	});
}
