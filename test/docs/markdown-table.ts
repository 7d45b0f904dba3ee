/** Reads the table under a heading of a Markdown page, so that a test can compare it with the source. */

/** The rows under the heading, without the head of the table; backquotes around a cell are taken off. */
export function tableUnder(markdown: string, heading: string): readonly (readonly string[])[] {
	const lines = markdown.split('\n');
	const start = lines.findIndex((line) => /^#+ /.test(line) && line.replace(/^#+ /, '') === heading);
	if (start < 0) throw new Error(`There is no heading "${heading}"`);
	const rest = lines.slice(start + 1);
	const end = rest.findIndex((line) => /^#+ /.test(line));
	const rows = (end < 0 ? rest : rest.slice(0, end)).filter((line) => line.startsWith('|')).slice(2);
	return rows.map((row) => cells(row));
}

function cells(row: string): readonly string[] {
	const inner = row.replace(/^\|/, '').replace(/\|\s*$/, '');
	return inner.split(/(?<!\\)\|/).map((cell) =>
		cell
			.trim()
			.replaceAll('\\|', '|')
			.replace(/^`([^`]*)`$/, '$1'),
	);
}
