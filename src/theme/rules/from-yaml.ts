/** Rules in YAML: a file at a time, with those that it uses. */
import type { SourceFile } from '../diagnostics/index.ts';
import { type Data, readYaml, textOf } from './data/index.ts';
import { readDataRules } from './from-data.ts';
import { readXmlRules } from './from-xml.ts';
import type { Condition } from './model.ts';
import type { Reading } from './reading.ts';

/** Adds what a file says to the draft of `reading`: XML when its name ends so, else YAML. */
export function readRulesFile(
	file: SourceFile,
	outer: Condition,
	reading: Reading,
	within: readonly SourceFile[] = [],
): void {
	if (/\.(?:xml|xsl)$/i.test(file.name)) return readXmlRules(file, outer, reading);
	const data = readYaml(file, reading.diagnostics);
	const told = reading.diagnostics.all.some(({ place }) => place?.file === file);
	if (data === null && !told) reading.error('empty-rules', 'There are no rules in this file.', whole(file));
	if (data === null) return;
	readDataRules(data, outer, reading, (href, condition) => useRules(href, condition, reading, [...within, file]));
}

/** Reads the file that `use` names, in whichever language it is. */
export function useRules(href: Data, outer: Condition, reading: Reading, within: readonly SourceFile[]): void {
	const text = textOf(href, 'use', reading);
	const file = text === null ? null : reading.file(text.value, text.place);
	if (file === null || text === null) return;
	if (!within.includes(file) && within.length < MAX_DEPTH && ++reading.used <= MAX_USES) {
		readRulesFile(file, outer, reading, within);
		return;
	}
	const trail = [...within.slice(Math.max(0, within.indexOf(file))), file].map(({ name }) => name).join(' → ');
	const cycle = within.includes(file);
	const message = cycle ? `Files use each other: ${trail}.` : 'Too many files are used.';
	reading.error(cycle ? 'include-cycle' : 'too-many-includes', message, text.place);
}

const MAX_DEPTH = 50;
/** Altogether: two in each of thirty files would otherwise be a billion. */
const MAX_USES = 1000;

function whole(file: SourceFile): { file: SourceFile; offset: number; length: number } {
	return { file, offset: 0, length: 0 };
}
