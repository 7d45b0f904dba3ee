/** An expression as tokens (XPath 1.0, section 3.7), with its rule for telling `*` and `and` from names. */
import { XPathSyntaxError } from './xpath-error.ts';

export type TokenKind =
	| 'string'
	| 'number'
	| 'variable'
	/** A qualified name, `*` or `prefix:*`, where none of them is an operator. */
	| 'name'
	/** `and or div mod * / // | + - = != < <= > >=` */
	| 'operator'
	/** `( ) [ ] . .. @ , ::` */
	| 'mark'
	| 'end';

export interface Token {
	readonly kind: TokenKind;
	/** A string without its quotes, a variable without its `$`. */
	readonly text: string;
	readonly start: number;
	readonly end: number;
}

const SPACE = /[ \t\r\n]+/y;
const NUMBER = /\d+(?:\.\d*)?|\.\d+/y;
const LETTER = '[\\p{L}_]';
const NC_NAME = `${LETTER}[\\p{L}\\p{N}\\p{M}._\\u00B7-]*`;
const NAME = new RegExp(`${NC_NAME}(?::(?!:)(?:${NC_NAME}|\\*))?|\\*`, 'uy');
const VARIABLE = new RegExp(`\\$[ \\t\\r\\n]*(${NC_NAME}(?::${NC_NAME})?)`, 'uy');
const OPERATOR = /\/\/|!=|<=|>=|[/|+\-=<>]/y;
const MARK = /::|\.\.|[()[\].@,]/y;
const WORDS = new Set(['and', 'or', 'div', 'mod', '*']);
const BEFORE_OPERAND = new Set(['@', '::', '(', '[', ',']);

export function tokensOf(source: string): Token[] {
	const tokens: Token[] = [];
	let at = 0;
	for (;;) {
		SPACE.lastIndex = at;
		if (SPACE.test(source)) at = SPACE.lastIndex;
		if (at === source.length) break;
		const token = tokenAt(source, at, tokens.at(-1));
		tokens.push(token);
		at = token.end;
	}
	tokens.push({ kind: 'end', text: '', start: at, end: at });
	return tokens;
}

function tokenAt(source: string, at: number, previous: Token | undefined): Token {
	const quote = source[at];
	if (quote === '"' || quote === "'") return stringAt(source, at, quote);
	const match = (pattern: RegExp, kind: TokenKind, group = 0): Token | null => {
		pattern.lastIndex = at;
		const found = pattern.exec(source);
		return found === null ? null : { kind, text: found[group] ?? '', start: at, end: pattern.lastIndex };
	};
	const token =
		match(NUMBER, 'number') ??
		match(VARIABLE, 'variable', 1) ??
		wordAt(match(NAME, 'name'), previous) ??
		match(OPERATOR, 'operator') ??
		match(MARK, 'mark');
	if (token !== null) return token;
	const character = String.fromCodePoint(source.codePointAt(at) ?? 0);
	throw new XPathSyntaxError(`'${character}' cannot stand here.`, source, at, character.length, hintFor(character));
}

/** Behind an operand, `*` multiplies and `and` is no element (section 3.7). */
function wordAt(token: Token | null, previous: Token | undefined): Token | null {
	if (token === null || previous === undefined) return token;
	const operand = previous.kind !== 'operator' && !(previous.kind === 'mark' && BEFORE_OPERAND.has(previous.text));
	return operand && WORDS.has(token.text) ? { ...token, kind: 'operator' } : token;
}

function stringAt(source: string, at: number, quote: string): Token {
	const end = source.indexOf(quote, at + 1);
	if (end === -1) throw new XPathSyntaxError('This string never ends.', source, at, source.length - at);
	return { kind: 'string', text: source.slice(at + 1, end), start: at, end: end + 1 };
}

function hintFor(character: string): string | null {
	if (character === '#' || character === '>') return 'This looks like a CSS selector; XPath was expected.';
	if (character === '!') return "Not equal is '!='; negation is not().";
	if (character === '&') return "Both are joined by 'and'.";
	return character === '{' ? 'Braces belong around an expression in an attribute, not into it.' : null;
}
