/** Instructions of XSLT 1.0, as libxslt carries them out. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { bodyOf, DIAZO, HTML, MENDED } from './themed.ts';
import { type Case, NODES, NUMBERS, PAGE, SORTS } from './xslt-cases.ts';

const theme = '<html><body><b>old</b></body></html>';

const TABLES: Readonly<Record<string, readonly Case[]>> = { numbers: NUMBERS, sorts: SORTS, nodes: NODES };

for (const [table, cases] of Object.entries(TABLES)) {
	for (const [name, top, body, expected] of cases) {
		test(`${table}: ${name}`, () => {
			const rules = `${top}<replace css:theme="b"><div>${body}</div></replace>`;
			for (const options of [DIAZO, MENDED, HTML]) {
				assert.equal(bodyOf({ theme, content: PAGE, rules, options }), `<div>${expected}</div>`);
			}
		});
	}
}
