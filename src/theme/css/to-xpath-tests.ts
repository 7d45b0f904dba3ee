/** The tests of a compound as conditions of XPath. Each is a boolean: a number would be taken for a position. */
import { asciiLower, exactName, isToken } from './attribute-match.ts';
import { CssSyntaxError } from './css-syntax-error.ts';
import type { AttributeTest, Complex, Name, NthTest, State, Test } from './selector.ts';
import { CHECKABLE, CONTROLS, DISABLEABLE, LINKS } from './states.ts';

/** How selectors inside of a test are written. */
export interface Translator {
	/** That the node at hand matches one of them. */
	matches(list: readonly Complex[]): string;
	/** That one of them, relative to the node at hand, leads to something. */
	leads(list: readonly Complex[]): string;
}

const NEVER = 'false()';

export function testPredicate(test: Test, name: Name, translator: Translator): string {
	switch (test.kind) {
		case 'id':
			return `@id = ${literal(test.value)}`;
		case 'class':
			return `@class and ${hasWord('@class', test.value)}`;
		case 'attribute':
			return attributePredicate(test);
		case 'contains':
			return `contains(., ${literal(test.value)})`;
		case 'lang':
			return langPredicate(test.ranges);
		case 'nth':
			return nthPredicate(test, name, translator);
		case 'is':
			return translator.matches(test.list);
		case 'not':
			return `not(${translator.matches(test.list)})`;
		case 'has':
			return translator.leads(test.list);
		default:
			return STATE_PREDICATES[test.kind];
	}
}

function attributePredicate({ name, operator, value, ignoreCase }: AttributeTest): string {
	const exact = exactName(name);
	const attribute = exact === null ? `@*[local-name() = '${name.local ?? ''}']` : `@${exact}`;
	if (operator === 'exists') return attribute;
	const found = ignoreCase ? lower(attribute) : attribute;
	const wanted = ignoreCase ? asciiLower(value) : value;
	if (operator === '=') return `${attribute} and ${found} = ${literal(wanted)}`;
	if (operator === '!=') return `not(${found} = ${literal(wanted)})`;
	if (operator === '~=') return `${attribute} and ${hasWord(found, wanted)}`;
	if (operator === '|=') {
		return `${attribute} and (${found} = ${literal(wanted)} or starts-with(${found}, ${literal(`${wanted}-`)}))`;
	}
	if (value === '') return NEVER;
	if (operator === '^=') return `${attribute} and starts-with(${found}, ${literal(wanted)})`;
	if (operator === '*=') return `${attribute} and contains(${found}, ${literal(wanted)})`;
	return `${attribute} and ${endsWith(found, wanted)}`;
}

/** Lengths are counted as XPath counts: characters, not units. */
function endsWith(found: string, wanted: string): string {
	const before = Array.from(wanted).length - 1;
	const start = before === 0 ? `string-length(${found})` : `string-length(${found}) - ${before}`;
	return `substring(${found}, ${start}) = ${literal(wanted)}`;
}

function hasWord(found: string, word: string): string {
	return isToken(word) ? `contains(concat(' ', normalize-space(${found}), ' '), ${literal(` ${word} `)})` : NEVER;
}

function lower(found: string): string {
	return `translate(${found}, 'ABCDEFGHIJKLMNOPQRSTUVWXYZ', 'abcdefghijklmnopqrstuvwxyz')`;
}

function langPredicate(ranges: readonly string[]): string {
	const said = (attribute: string): string =>
		ranges
			.map((range) => {
				if (range === '*') return `${attribute} != ''`;
				return `starts-with(concat(${lower(attribute)}, '-'), ${literal(`${range}-`)})`;
			})
			.join(' or ');
	const either = `@lang and (${said('@lang')}) or not(@lang) and (${said('@xml:lang')})`;
	return `ancestor-or-self::*[@lang or @xml:lang][1][${either}]`;
}

function nthPredicate({ a, b, fromEnd, ofType, of }: NthTest, name: Name, translator: Translator): string {
	let siblings = `${fromEnd ? 'following' : 'preceding'}-sibling::*`;
	if (ofType) {
		const exact = name.local === null ? null : exactName(name);
		if (exact === null) {
			throw new CssSyntaxError('Elements of a type cannot be counted in XPath without their name.', 0, Infinity);
		}
		siblings = `${siblings.slice(0, -1)}${exact}`;
	}
	if (of === null) return isCounted(siblings, a, b);
	const counts = translator.matches(of);
	return `(${counts}) and ${isCounted(`${siblings}[${counts}]`, a, b)}`;
}

/** That one more than the number of these nodes is an+b. */
function isCounted(nodes: string, a: number, b: number): string {
	if (a === 0 || (a < 0 && a + b < 1)) return b < 1 ? NEVER : b === 1 ? `not(${nodes})` : `count(${nodes}) = ${b - 1}`;
	const position = `count(${nodes})`;
	const least = b - 1;
	if (a > 0) {
		const beyond = least === 0 ? position : `(${position} ${least > 0 ? `- ${least}` : `+ ${-least}`})`;
		const far = least > 0 ? `${position} >= ${least}` : '';
		const rhythm = a === 1 ? '' : `${beyond} mod ${a} = 0`;
		return [far, rhythm].filter((part) => part !== '').join(' and ') || 'true()';
	}
	return `${position} <= ${least}${a === -1 ? '' : ` and (${least} - ${position}) mod ${-a} = 0`}`;
}

/** XPath has no escapes: what has both quotes is put together. */
function literal(text: string): string {
	if (!text.includes("'")) return `'${text}'`;
	if (!text.includes('"')) return `"${text}"`;
	return `concat(${text
		.split("'")
		.map((part) => `'${part}'`)
		.join(`, "'", `)})`;
}

const anyOf = (names: readonly string[]): string => names.map((name) => `self::${name}`).join(' or ');

const IN_DISABLED_FIELDSET =
	'ancestor-or-self::*[not(self::legend) or preceding-sibling::legend][parent::fieldset[@disabled]]';
const IS_DISABLED = `@disabled or self::option[parent::optgroup[@disabled]] or (${anyOf(CONTROLS)}) and ${IN_DISABLED_FIELDSET}`;

const STATE_PREDICATES: Readonly<Record<State, string>> = {
	empty: 'not(*) and not(text())',
	root: 'not(parent::*)',
	link: `(${anyOf(LINKS)}) and @href`,
	checked: `self::option[@selected] or self::input[@checked][${CHECKABLE.map((type) => `${lower('@type')} = '${type}'`).join(' or ')}]`,
	disabled: `(${anyOf(DISABLEABLE)}) and (${IS_DISABLED})`,
	enabled: `(${anyOf(DISABLEABLE)}) and not(${IS_DISABLED})`,
};
