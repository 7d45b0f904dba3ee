/**
 * Cache-Control (RFC 9111 section 5.2) as directives. Read to the letter and, in doubt, to the shorter life: a number that is
 * none counts as 0, of two the smaller one holds, and a directive that is broken off is one all the same.
 */
import { structured, trimmed } from '../../fields/index.ts';

/** RFC 9111 section 1.2.2: what is larger is that much. */
const MOST_SECONDS = 2_147_483_648;

const TOKEN = /[!#$%&'*+\-.^_`|~0-9A-Za-z]+/y;
const DIGITS = /^\d+$/;
/** The argument of a directive that cannot be read. */
const BROKEN = '\0';

export class Directives {
	/** By name, in lower case: every argument that was given; null where there was none. */
	private readonly all: ReadonlyMap<string, readonly (string | null)[]>;

	constructor(all: ReadonlyMap<string, readonly (string | null)[]>) {
		this.all = all;
	}

	has(name: string): boolean {
		return this.all.has(name);
	}

	/** Its seconds; null without it. What cannot be read is 0. */
	seconds(name: string): number | null {
		const given = this.all.get(name);
		if (given === undefined) return null;
		return Math.min(...given.map((text) => secondsOf(text) ?? 0));
	}

	/** As `seconds`, but what cannot be read is not there: for requests, which only ask. */
	asked(name: string): number | null {
		const given = this.all.get(name)?.flatMap((text) => secondsOf(text) ?? []) ?? [];
		return given.length === 0 ? null : Math.min(...given);
	}

	/** Whether it is there without an argument, which holds for the whole response. */
	isPlain(name: string): boolean {
		const given = this.all.get(name);
		return given !== undefined && (given.includes(null) || fieldNames(given) === null);
	}

	/** The fields that it names (`no-cache="a, b"`), in lower case; none when it is not there, or holds for everything. */
	names(name: string): readonly string[] {
		const given = this.all.get(name);
		return given === undefined || this.isPlain(name) ? [] : (fieldNames(given) ?? []);
	}
}

const NONE: Directives = new Directives(new Map());

/** The directives of a field's value, all its lines joined; null is no field. */
export function parseDirectives(value: string | null): Directives {
	if (value === null) return NONE;
	const known = recent.get(value);
	if (known !== undefined) return known;
	const directives = read(value);
	if (value.length > LONGEST_RECENT) return directives;
	if (recent.size >= MOST_RECENT) recent.clear();
	// A text of its own: what it is cut from would be kept with it.
	recent.set(Buffer.from(value, 'latin1').toString('latin1'), directives);
	return directives;
}

/** Few values are ever used, by many responses: each is read once, and all of them share what it says. */
const recent: Map<string, Directives> = new Map();
const MOST_RECENT = 1_000;
const LONGEST_RECENT = 256;

function read(value: string): Directives {
	const all = new Map<string, (string | null)[]>();
	for (let at = 0; at < value.length; ) {
		TOKEN.lastIndex = at;
		const name = TOKEN.exec(value)?.[0];
		if (name === undefined) {
			at++;
			continue;
		}
		const { argument, end } = argumentAt(value, at + name.length);
		const key = name.toLowerCase();
		const given = all.get(key);
		if (given === undefined) all.set(key, [argument]);
		else given.push(argument);
		at = end;
	}
	return new Directives(all);
}

/** What stands behind a directive's name, and where the next one may begin. */
function argumentAt(value: string, at: number): { argument: string | null; end: number } {
	if (value[at] !== '=') {
		const end = endOfElement(value, at);
		return { argument: trimmed(value, at, end) === '' ? null : BROKEN, end };
	}
	if (value[at + 1] === '"') return quotedAt(value, at + 1);
	const end = endOfElement(value, at);
	const text = trimmed(value, at + 1, end);
	return { argument: text === value.slice(at + 1, at + 1 + text.length) ? text : BROKEN, end };
}

function quotedAt(value: string, at: number): { argument: string; end: number } {
	let text = '';
	for (let i = at + 1; i < value.length; i++) {
		const letter = value[i] as string;
		if (letter === '"') {
			const end = endOfElement(value, i + 1);
			return { argument: trimmed(value, i + 1, end) === '' ? text : BROKEN, end };
		}
		if (letter === '\\') i++;
		text += value[i] ?? '';
	}
	return { argument: BROKEN, end: value.length };
}

/** The comma that ends the element, or the end. */
function endOfElement(value: string, at: number): number {
	let quoted = false;
	for (let i = at; i < value.length; i++) {
		const letter = value[i];
		if (quoted && letter === '\\') i++;
		else if (letter === '"') quoted = !quoted;
		else if (letter === ',' && !quoted) return i;
	}
	// A quote that is never closed hides nothing behind it.
	if (!quoted) return value.length;
	const comma = value.indexOf(',', at);
	return comma < 0 ? value.length : comma;
}

function secondsOf(text: string | null): number | null {
	if (text === null || !DIGITS.test(text)) return null;
	return Math.min(MOST_SECONDS, Number(text));
}

/** Null for what is no list of names: it is then read as if it had no argument (section 5.2.2.4). */
function fieldNames(given: readonly (string | null)[]): string[] | null {
	const names: string[] = [];
	for (const text of given) {
		if (text === null) return null;
		for (const part of text.split(',')) {
			const name = trimmed(part).toLowerCase();
			TOKEN.lastIndex = 0;
			if (TOKEN.exec(name)?.[0] !== name) return null;
			names.push(name);
		}
	}
	return names;
}

/**
 * A targeted field (RFC 9213 section 2.1): a dictionary of structured fields, with the same directives. Null when it is absent, empty or
 * cannot be read, and the next one counts. Members of a wrong type are not there.
 */
export function parseTargeted(value: string | null): Directives | null {
	if (value === null || value === '') return null;
	let dictionary: structured.Dictionary;
	try {
		dictionary = structured.parseDictionary(value);
	} catch {
		return null;
	}
	if (dictionary.size === 0) return null;
	const all = new Map<string, (string | null)[]>();
	for (const [name, member] of dictionary) {
		if (structured.isInnerList(member)) continue;
		const { value: given } = member;
		if (given === true) all.set(name, [null]);
		else if (typeof given === 'number' && Number.isInteger(given) && given >= 0) all.set(name, [String(given)]);
		else if (typeof given === 'string' && (name === 'no-cache' || name === 'private')) all.set(name, [given]);
	}
	return new Directives(all);
}
