/**
 * Which elements have a watched id, class or name: filled while a document is read, asked by selectors. Only what some
 * rule asks for is kept, so a page pays for its rules and not for its size. Lists are in document order.
 */
export class KeyIndex {
	readonly ids: Map<string, number[]> = new Map();
	readonly classes: Map<string, number[]> = new Map();
	readonly names: Map<string, number[]> = new Map();

	constructor(watch: Watch) {
		for (const id of watch.ids) this.ids.set(id, []);
		for (const name of watch.classes) this.classes.set(name, []);
		for (const name of watch.names) this.names.set(name, []);
	}
}

/** What an index has to watch; made once for a set of rules. */
export class Watch {
	readonly ids: Set<string> = new Set();
	readonly classes: Set<string> = new Set();
	readonly names: Set<string> = new Set();
}
