/**
 * What may change where a path leads: the names, each in its folder, that are passed on the way to a file. A symbolic link
 * counts with the folder it stands in, and then with all it leads to; of what is not there, the first thing missing counts.
 */
import { lstatSync, readlinkSync, type Stats } from 'node:fs';
import { dirname, join, parse, resolve, sep } from 'node:path';

/** A name in a folder. */
export interface Waypoint {
	readonly folder: string;
	readonly name: string;
}

/** As many as Linux follows. */
const MOST_LINKS = 40;

/** The waypoints to watch for `path`. `near`: which folders are of interest themselves, not only for links in them. */
export function trailOf(path: string, near: (folder: string) => boolean): Waypoint[] {
	const trail: Waypoint[] = [];
	let links = 0;
	let folder = parse(resolve(path)).root;
	let names = partsOf(path);
	for (let name = names.shift(); name !== undefined; name = names.shift()) {
		const waypoint = { folder, name };
		const full = join(folder, name);
		const stat = statOf(full);
		const target = stat?.isSymbolicLink() === true && ++links <= MOST_LINKS ? targetOf(full) : null;
		if (target !== null || stat === null || names.length === 0 || near(folder)) trail.push(waypoint);
		if (stat === null) break;
		if (target === null) folder = full;
		else {
			names = [...partsOf(resolve(folder, target)), ...names];
			folder = parse(folder).root;
		}
	}
	return trail;
}

function partsOf(path: string): string[] {
	const full = resolve(path);
	return full
		.slice(parse(full).root.length)
		.split(sep)
		.filter((name) => name !== '');
}

function statOf(path: string): Stats | null {
	try {
		return lstatSync(path);
	} catch {
		// Missing, or in a circle of links, or behind a folder that nobody may look into.
		return null;
	}
}

function targetOf(link: string): string | null {
	try {
		return readlinkSync(link);
	} catch {
		return null;
	}
}

/** Whether `folder` is one of these, in one of them, or right above one. */
export function nearTo(roots: readonly string[]): (folder: string) => boolean {
	return (folder) => roots.some((root) => folder === root || folder === dirname(root) || folder.startsWith(root + sep));
}
