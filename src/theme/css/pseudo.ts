/**
 * The pseudo-classes there are. Reading a document has no mouse, no focus and no history: those that speak of them are
 * refused and not taken for "never", so that a rule which cannot work is found when it is written.
 */
import { didYouMean } from '../diagnostics/index.ts';
import type { CssSyntaxError } from './css-syntax-error.ts';
import { parseStep } from './nth.ts';
import { type Complex, type NthTest, STATES, type State, type Test } from './selector.ts';

/** A pseudo-class as it was read, and what to call for lists inside it. */
export interface Pseudo {
	readonly name: string;
	/** What stands in parentheses: a list where `LISTS` says so, else text; null without parentheses. */
	readonly data: readonly Complex[] | string | null;
	readonly parseList: (text: string) => readonly Complex[];
	readonly fail: (message: string, hint: string | null) => CssSyntaxError;
}

const LISTS = new Map<string, 'not' | 'is' | 'has'>([
	['not', 'not'],
	['is', 'is'],
	['where', 'is'],
	['matches', 'is'],
	['has', 'has'],
]);

const nth = (fromEnd: boolean, ofType: boolean, a = 0, b = 1, of: NthTest['of'] = null): NthTest => {
	return { kind: 'nth', a, b, fromEnd, ofType, of };
};

/** Without parentheses. */
const PLAIN = new Map<string, readonly Test[]>([
	...STATES.map((kind: State): [string, readonly Test[]] => [kind, [{ kind }]]),
	['first-child', [nth(false, false)]],
	['last-child', [nth(true, false)]],
	['only-child', [nth(false, false), nth(true, false)]],
	['first-of-type', [nth(false, true)]],
	['last-of-type', [nth(true, true)]],
	['only-of-type', [nth(false, true), nth(true, true)]],
]);

const COUNTED = new Map<string, { readonly fromEnd: boolean; readonly ofType: boolean }>([
	['nth-child', { fromEnd: false, ofType: false }],
	['nth-last-child', { fromEnd: true, ofType: false }],
	['nth-of-type', { fromEnd: false, ofType: true }],
	['nth-last-of-type', { fromEnd: true, ofType: true }],
]);

const TEXTUAL = new Set(['contains', 'lang']);

const KNOWN: readonly string[] = [...LISTS.keys(), ...PLAIN.keys(), ...COUNTED.keys(), ...TEXTUAL];

/** True for those whose parentheses hold selectors. */
export const holdsList = (name: string): boolean => LISTS.has(name);

export function pseudoTests(pseudo: Pseudo): readonly Test[] {
	const { name, data, fail } = pseudo;
	const plain = PLAIN.get(name);
	if (plain !== undefined) {
		if (data !== null) throw fail(`:${name} takes nothing in parentheses.`, null);
		return plain;
	}
	if (!KNOWN.includes(name)) throw unknown(pseudo);
	if (data === null) throw fail(`:${name} needs something in parentheses.`, null);
	const list = LISTS.get(name);
	if (typeof data === 'string') return [withText(pseudo, data)];
	return list === undefined ? [] : [{ kind: list, list: data }];
}

function withText({ name, parseList, fail }: Pseudo, text: string): Test {
	const counted = COUNTED.get(name);
	if (counted === undefined) return textual(name, text);
	const [, formula = text, list] = /^\s*([^.#[:*]*?)\s+of\s+(.*)$/is.exec(text) ?? [];
	const step = parseStep(formula);
	if (step === null) throw fail(`:${name}(${text}) cannot be counted.`, "Write a number, 'odd', 'even' or '2n+1'.");
	if (list !== undefined && counted.ofType) throw fail(`:${name} knows no 'of'.`, null);
	const of = list === undefined ? null : parseList(list);
	return nth(counted.fromEnd, counted.ofType, step.a, step.b, of);
}

function textual(name: string, text: string): Test {
	if (name === 'contains') return { kind: 'contains', value: unquoted(text) };
	return { kind: 'lang', ranges: text.split(',').map((range) => unquoted(range).toLowerCase()) };
}

function unquoted(text: string): string {
	const trimmed = text.trim();
	const quote = trimmed.charAt(0);
	const quoted = trimmed.length > 1 && (quote === '"' || quote === "'") && trimmed.endsWith(quote);
	return quoted ? trimmed.slice(1, -1) : trimmed;
}

const STATES_OF_A_BROWSER = /^(?:hover|active|focus|focus-.*|visited|target|target-within|any-link)$/;

function unknown({ name, fail }: Pseudo): CssSyntaxError {
	if (STATES_OF_A_BROWSER.test(name)) {
		return fail(`:${name} has no meaning here.`, 'A page that is read is in nobody’s browser.');
	}
	const longer = KNOWN.find((known) => known.startsWith(`${name}-`));
	const hint = longer === undefined ? didYouMean(name, KNOWN) : `Did you mean '${longer}'?`;
	return fail(`There is no pseudo-class ':${name}'.`, hint);
}
