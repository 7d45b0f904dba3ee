/**
 * A selector written as XPath 1.0, for the attributes of XSLT. Descendants and children become `//` and `/`, siblings
 * become conditions: that is all which a match pattern may have, so one translation serves for both.
 */
import { exactName } from './attribute-match.ts';
import { CssSyntaxError } from './css-syntax-error.ts';
import { parseComplex } from './parse-selector.ts';
import type { Combinator, Complex, Compound, Name } from './selector.ts';
import { splitList } from './split-list.ts';
import { type Translator, testPredicate } from './to-xpath-tests.ts';

/** Every branch begins with `prefix`: `//`, `descendant-or-self::` … Throws CssSyntaxError. */
export function cssToXPath(source: string, prefix: string): string {
	return splitList(source)
		.map(({ text, offset }) => {
			try {
				return prefix + path(parseComplex(text));
			} catch (error) {
				if (!(error instanceof CssSyntaxError)) throw error;
				throw new CssSyntaxError(error.message, offset + error.offset, Math.min(error.length, text.length), error.hint);
			}
		})
		.join(' | ');
}

/** A location path; of siblings the last is a step, and those before it are conditions of that. */
function path(complex: Complex): string {
	const { compounds, combinators } = complex;
	let written = '';
	for (let at = 0; at < compounds.length; at++) {
		const next = combinators[at + 1];
		if (at + 1 < compounds.length && isSibling(next)) continue;
		let first = at;
		while (first > 0 && isSibling(combinators[first])) first--;
		if (first > 0) written += combinators[first] === '>' ? '/' : '//';
		written += step(compounds[at] as Compound) + before(complex, at, first);
	}
	return written;
}

const isSibling = (combinator: Combinator | undefined): boolean => combinator === '+' || combinator === '~';

/** A node test with its conditions. */
function step({ name, tests }: Compound): string {
	return nodeTest(name) + tests.map((test) => `[${testPredicate(test, name, TRANSLATOR)}]`).join('');
}

const AXES: Readonly<Record<Combinator, string>> = {
	' ': 'ancestor::',
	'>': 'parent::',
	'+': 'preceding-sibling::*[1][self::',
	'~': 'preceding-sibling::',
};

/** What stands left of a compound, down to `first`, as conditions. */
function before(complex: Complex, at: number, first: number): string {
	if (at <= first) return '';
	const combinator = complex.combinators[at] ?? ' ';
	const left = step(complex.compounds[at - 1] as Compound) + before(complex, at - 1, first);
	return `[${AXES[combinator]}${left}${combinator === '+' ? ']' : ''}]`;
}

const FORWARD: Readonly<Record<Combinator, string>> = {
	' ': 'descendant::',
	'>': 'child::',
	'+': 'following-sibling::*[1]/self::',
	'~': 'following-sibling::',
};

const TRANSLATOR: Translator = {
	matches: (list) =>
		list
			.map((complex) => {
				const last = complex.compounds.length - 1;
				return `self::${step(complex.compounds[last] as Compound)}${before(complex, last, 0)}`;
			})
			.join(' or '),
	leads: (list) =>
		list
			.map(({ compounds, combinators }) =>
				compounds.map((compound, at) => FORWARD[combinators[at] ?? ' '] + step(compound)).join('/'),
			)
			.join(' or '),
};

function nodeTest(name: Name): string {
	const { prefix, local } = name;
	if (local !== null) return exactName(name) ?? `*[local-name() = '${local}']`;
	if (prefix === null || prefix === '*') return '*';
	return prefix === '' ? "*[not(contains(name(), ':'))]" : `${prefix}:*`;
}
