/** A reporter of node:test for programs: one line of JSON per fact that test/run.ts wants to know about a file. */
import type { TestEvent } from 'node:test/reporters';

export type Fact =
	| { readonly fact: 'skipped' | 'todo'; readonly name: string; readonly why: string }
	| {
			readonly fact: 'count';
			readonly tests: number;
			readonly passed: number;
			readonly failed: number;
			readonly skipped: number;
			readonly todo: number;
	  };

async function* outcomeReporter(events: AsyncIterable<TestEvent>): AsyncGenerator<string> {
	for await (const event of events) {
		const fact = factOf(event);
		if (fact !== null) yield `${JSON.stringify(fact)}\n`;
	}
}

function factOf(event: TestEvent): Fact | null {
	if (event.type === 'test:pass' || event.type === 'test:fail') {
		const { name, skip, todo } = event.data;
		if (skip !== undefined && skip !== false)
			return { fact: 'skipped', name, why: typeof skip === 'string' ? skip : '' };
		if (todo !== undefined && todo !== false) return { fact: 'todo', name, why: typeof todo === 'string' ? todo : '' };
		return null;
	}
	if (event.type !== 'test:summary') return null;
	const { tests, passed, skipped, todo } = event.data.counts;
	return { fact: 'count', tests, passed, failed: tests - passed - skipped - todo, skipped, todo };
}

export default outcomeReporter;
