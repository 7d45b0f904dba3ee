/** A directory as a page. */
import { readdir } from 'node:fs/promises';

/** Names beyond are not shown, and the page says so. */
const MOST = 10_000;

interface Entry {
	readonly name: string;
	readonly directory: boolean;
}

/** `shown`: its path as the visitor knows it. Hidden names are left out. */
export async function listing(path: string, shown: string, hides: boolean): Promise<string> {
	const all = await readdir(path, { withFileTypes: true });
	const entries = all
		.filter((one) => !hides || !one.name.startsWith('.'))
		.map((one): Entry => ({ name: one.name, directory: one.isDirectory() }))
		.sort((a, b) => Number(b.directory) - Number(a.directory) || (a.name < b.name ? -1 : 1));
	const rows = entries.slice(0, MOST).map(row);
	if (shown !== '/') rows.unshift('<li><a href="../">../</a></li>');
	if (entries.length > MOST) rows.push(`<li>and ${entries.length - MOST} more</li>`);
	const title = escaped(shown);
	return `<!DOCTYPE html>
<html lang="en">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>${title}</title></head>
<body>
<h1>${title}</h1>
<ul>
${rows.join('\n')}
</ul>
</body>
</html>
`;
}

function row({ name, directory }: Entry): string {
	const slash = directory ? '/' : '';
	// `./` keeps a name with a colon from being a scheme.
	return `<li><a href="./${encodeURIComponent(name)}${slash}">${escaped(name)}${slash}</a></li>`;
}

const ENTITIES: Readonly<Record<string, string>> = {
	'&': '&amp;',
	'<': '&lt;',
	'>': '&gt;',
	'"': '&quot;',
	"'": '&#39;',
};

function escaped(text: string): string {
	return text.replace(/[&<>"']/g, (character) => ENTITIES[character] as string);
}
