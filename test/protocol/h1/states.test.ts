import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { test } from 'node:test';
import { stateNames } from '../../../src/protocol/h1/index.ts';
import * as states from '../../../src/protocol/h1/states.ts';

const page = new URL('../../../docs/states.md', import.meta.url);

function diagram(): string {
	const arrows: string[] = [];
	for (const [from, row] of Object.entries(states.transitions)) {
		for (const [event, to] of Object.entries(row)) arrows.push(`\t${from} --> ${to}: ${event}`);
	}
	return `stateDiagram-v2\n\t[*] --> IDLE\n${arrows.join('\n')}`;
}

function printed(): string {
	return `# States of an HTTP/1.1 connection

Each direction of a connection is in one of these states; the table is the same for both directions and both roles. It
is printed from \`src/protocol/h1/states.ts\`: change it there, then run
\`WRITE_DOCS=1 node test/protocol/h1/states.test.ts\`. An event without an arrow is refused.

\`\`\`mermaid
${diagram()}
\`\`\`

A connection can serve another exchange when both directions are \`DONE\`, neither head has said otherwise, and no message
was delimited by the end of the connection. Then \`NEXT\` takes both back to \`IDLE\`.
`;
}

test('docs/states.md is what the table says', () => {
	if (process.env['WRITE_DOCS'] === '1') writeFileSync(page, printed());
	assert.equal(readFileSync(page, 'utf8'), printed());
});

test('the numbers of states and events are those of the table', () => {
	const numbers = states as unknown as Readonly<Record<string, number>>;
	stateNames.forEach((name, number) => assert.equal(numbers[name], number, name));
	for (const [from, row] of Object.entries(states.transitions)) {
		for (const event of ['PART', 'INTERIM', 'HEAD', 'COMPLETE', 'NEXT', 'SWITCH', 'END', 'FAIL'] as const) {
			const to = row[event];
			const expected = to === undefined ? states.NOWHERE : stateNames.indexOf(to);
			assert.equal(
				states.after(stateNames.indexOf(from as states.StateName), numbers[`ON_${event}`] as number),
				expected,
			);
		}
	}
});

test('every state can be reached, and every message can end', () => {
	const reached = new Set<string>(['IDLE']);
	for (const name of reached) {
		for (const to of Object.values(states.transitions[name as states.StateName])) reached.add(to);
	}
	assert.deepEqual([...reached].sort(), [...stateNames].sort());
	for (const name of ['IDLE', 'HEAD', 'BODY'] as const) assert.equal(states.transitions[name].FAIL, 'FAILED');
});
