/** The demo's rules stand in YAML and in Diazo's XML: the same pages come of both. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { type LegacySite, startLegacySite } from '../../examples/demo/legacy/server.ts';
import { modern } from '../../examples/demo/modern/app.ts';
import { type App, mount } from '../../src/convention/index.ts';
import { ask } from '../../src/engine/memory/index.ts';
import { type Reverse, reverse } from '../../src/proxy/reverse/index.ts';
import { type Theme, theme } from '../../src/theme/index.ts';

const rulesIn = (name: string): string => fileURLToPath(new URL(`../../examples/demo/theme/${name}`, import.meta.url));

let legacy: LegacySite;
let oldSite: Reverse;
let site: App;
const yaml: Theme = theme(rulesIn('rules.yaml'), { watch: false });
const xml: Theme = theme(rulesIn('rules.xml'), { watch: false });

before(async () => {
	legacy = await startLegacySite(0);
	oldSite = reverse(legacy.url);
	site = mount('/new', modern)(oldSite);
});

after(async () => {
	await Promise.all([yaml.close(), xml.close(), oldSite.close()]);
	await legacy.stop();
});

test('neither language leaves anything to warn of', () => {
	assert.deepEqual([...yaml.warnings, ...xml.warnings], []);
});

const paths = [
	...['/', '/news/', '/news/regatta.html', '/contact.html', '/thanks.html?name=Ada&number=1', '/guestbook.html'],
	...['/visitors.html', '/login.html', '/no-such-page', '/new/', '/new/no-such-page'],
];

for (const path of paths) {
	test(`${path} is the same page by either`, async () => {
		const pages = [];
		for (const layer of [yaml, xml]) {
			const answer = await ask(layer(site), path);
			pages.push((await answer.text()).replace(/visitor number <b>\d+/, 'visitor number <b>'));
		}
		assert.equal(pages[0], pages[1]);
		assert.match(pages[0] ?? '', /<main id="content" tabindex="-1">\s*<h1>/);
		assert.doesNotMatch(pages[0] ?? '', /What the theme says/);
	});
}
