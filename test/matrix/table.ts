/** The matrix as Markdown: engines × cases, from the tables that the suite itself runs by. */
import type { Abilities } from '../../src/convention/index.ts';
import { lacks, type Theme } from './case.ts';
import type { Subject } from './engines.ts';

/** One table for each theme; a gap shows what is seen instead. */
export function matrixTable(subjects: readonly Subject[], themes: readonly Theme[]): string {
	return themes.map(({ title, cases }) => `### ${title}\n\n${rows(subjects, cases)}`).join('\n\n');
}

function rows(subjects: readonly Subject[], cases: Theme['cases']): string {
	const lines = cases.map((one) => {
		const cells = subjects.map((subject) => (lacks(subject, one) ? (one.needs?.otherwise ?? '') : 'yes'));
		return [one.name, ...cells];
	});
	return table(['', ...subjects.map(({ name }) => name)], lines);
}

/** What `context.can` says, by engine. */
export function abilityTable(subjects: readonly Subject[]): string {
	const abilities = Object.keys(subjects[0]?.can ?? {}) as (keyof Abilities)[];
	const lines = subjects.map(({ about, can }) => [about, ...abilities.map((ability) => (can[ability] ? 'yes' : 'no'))]);
	return table(['', ...abilities.map((ability) => `\`${ability}\``)], lines);
}

export function table(head: readonly string[], lines: readonly (readonly string[])[]): string {
	const row = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`.replace('|  |', '| |');
	return [row(head), `|${head.map(() => '---').join('|')}|`, ...lines.map(row)].join('\n');
}
