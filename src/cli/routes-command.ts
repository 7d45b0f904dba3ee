/** `turnabout routes`: the routes of an app or a configuration, in the order in which they are tried. */
import { existsSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { compositionOf } from '../convention/index.ts';
import { explainRoutes, type RouteRow } from '../routing/index.ts';
import { CONFIG_FILES, loadApp, loadServable, StartError } from '../serve/index.ts';
import { type Command, command } from './command.ts';

export const routesCommand: Command = command({
	summary: 'Show the routes of an app, most specific first',
	usage: '[MODULE|CONFIG]',
	about: `Loads an app as \`turnabout serve\` does, or a configuration as \`turnabout run\` does, and prints the tables made
by routes() that it exports or that stand within its layers: methods, pattern, the app's name, and the line of the
table. It listens nowhere. Where nothing is named it takes ${CONFIG_FILES[0]} of the current folder. What stands
behind functions of your own cannot be seen: export such a table by a name, too.`,
	flags: {},
	positionals: ['[MODULE|CONFIG]'],
	examples: [
		['turnabout routes app.ts', 'the table that app.ts exports'],
		['turnabout routes', `the app of ${CONFIG_FILES[0]}`],
	],
	run: async (_, [named]) => {
		const folder = process.cwd();
		const file = named ?? CONFIG_FILES.find((name) => existsSync(join(folder, name))) ?? null;
		const tables = tablesOf(await exportsOf(file, folder));
		if (tables.length === 0) {
			throw new StartError(
				`${file} exports no routes`,
				'What stands behind functions of your own cannot be seen. Write `export const table = routes({ … })` and serve that.',
			);
		}
		process.stdout.write(tables.map((rows) => formatRoutes(rows, folder)).join('\n'));
		return 0;
	},
});

/** Everything that the module exports, and the app of a configuration. Rejects with StartError. */
async function exportsOf(file: string | null, folder: string): Promise<unknown[]> {
	await loadServable(file, folder);
	const path = resolve(folder, file ?? '');
	if (!existsSync(path)) return [await loadApp(file ?? '', folder)];
	// Loaded already: this is the same module again.
	const module = (await import(pathToFileURL(path).href)) as Readonly<Record<string, unknown>>;
	return Object.values(module).flatMap((value) => {
		if (typeof value !== 'object' || value === null) return [value];
		return [value, (value as { app?: unknown }).app, (value as { fetch?: unknown }).fetch];
	});
}

function tablesOf(values: readonly unknown[]): (readonly RouteRow[])[] {
	const apps = new Set(values.filter((value) => typeof value === 'function'));
	return [...apps].flatMap(tablesIn);
}

/** The table that the app is, or those within its layers. */
function tablesIn(app: object): (readonly RouteRow[])[] {
	const rows = explainRoutes(app);
	return rows === null ? (compositionOf(app)?.inner ?? []).flatMap(tablesIn) : [rows];
}

/** Rows in columns; places are said as seen from `folder`. */
export function formatRoutes(rows: readonly RouteRow[], folder: string): string {
	const cells = rows.map(({ methods, pattern, what, mounts, where }) => [
		methods.length === 0 ? 'any' : methods.join(', '),
		pattern,
		mounts ? `${what} (mounted)` : what,
		where === null ? '' : relative(folder, where),
	]);
	const widths = [0, 1, 2].map((column) => Math.max(...cells.map((row) => (row[column] as string).length)));
	const lines = cells.map((row) => row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('   '));
	return `${lines.map((line) => line.trimEnd()).join('\n')}\n`;
}
