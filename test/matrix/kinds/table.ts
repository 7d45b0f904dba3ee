/** Kinds of app × cases as Markdown, from the tables that the suite itself runs by. */
import { table } from '../table.ts';
import { type KindTheme, substitute } from './kind-case.ts';
import type { Kind } from './kinds.ts';

/** One column for all kinds of which the same holds, one table for each theme. */
export function kindTable(kinds: readonly Kind[], themes: readonly KindTheme[]): string {
	const columns = Map.groupBy(kinds, ({ gaps }) => gaps.toSorted().join());
	const groups = [...columns.values()];
	const head = ['', ...groups.map((group) => group.map(({ name }) => name).join(', '))];
	const rows = themes.flatMap(({ title, cases }) => [
		[`**${title}**`, ...groups.map(() => '')],
		...cases.map((one) => [
			one.name,
			...groups.map(([kind]) => (kind === undefined ? '' : (substitute(kind, one)?.otherwise ?? 'yes'))),
		]),
	]);
	return table(head, rows);
}
