/** Rules in code: the same as in YAML, once their objects are maps and lists. */
import { type Data, type DataEntry, dataOf } from './data/index.ts';
import { readDataRules } from './from-data.ts';
import { useRules } from './from-yaml.ts';
import type { Reading } from './reading.ts';
import type { RulesInput } from './rules-input.ts';

/** How places in code are called; with what it is in, and its index. */
const NAME = '(rules in code)';

export function readCodeRules(input: RulesInput, reading: Reading): void {
	const { place } = dataOf('', NAME);
	const entries = Object.entries(input)
		.filter(([, value]) => value !== undefined)
		.map(([key, value]): DataEntry => {
			const data = dataOf({ [key]: value }, NAME);
			const entry = data.kind === 'map' ? data.entries[0] : undefined;
			const items = Array.isArray(value) ? listOf(key, value) : null;
			return { key, keyPlace: entry?.keyPlace ?? place, value: items ?? entry?.value ?? data };
		});
	const use = (href: Data, outer: Parameters<typeof useRules>[1]): void => useRules(href, outer, reading, []);
	readDataRules({ kind: 'map', entries, place }, [], reading, use);
}

/** Each item is a text of its own, so that its index stands in the place's name. */
function listOf(key: string, list: readonly unknown[]): Data {
	const items = list.map((item, index) => dataOf(item, `${NAME} ${key}[${index}]`));
	return { kind: 'list', items, place: dataOf([], NAME).place };
}
