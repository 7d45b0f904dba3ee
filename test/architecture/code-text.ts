/**
 * Source text without what only looks like code: enough of the grammar to tell comments, strings, templates and regular
 * expressions from the rest. The compiler and the linter know the language; the rules here only need to read names.
 */

export type PieceKind = 'code' | 'comment' | 'string' | 'template' | 'expression';

export interface Piece {
	readonly kind: PieceKind;
	readonly text: string;
}

const OPENINGS: readonly (readonly [RegExp, PieceKind])[] = [
	[/\/\/[^\n]*/y, 'comment'],
	[/\/\*[^]*?\*\//y, 'comment'],
	[/'(?:[^'\\\n]|\\[^])*'/y, 'string'],
	[/"(?:[^"\\\n]|\\[^])*"/y, 'string'],
];

const REGULAR_EXPRESSION = /\/(?![*/])(?:[^\\/[\n]|\\.|\[(?:[^\]\\\n]|\\.)*\])+\/[a-z]*/y;

/** What stands before a `/` that begins a regular expression rather than divides. */
const BEFORE_EXPRESSION = /(?:^|[(,=:[!&|?{};+\-*%~^<>]|\b(?:return|typeof|case|of|in|yield|await|else))\s*$/;

/** Cuts a source into pieces, whose texts joined are the source again. */
export function pieces(source: string): Piece[] {
	const found: Piece[] = [];
	let code = '';
	let index = 0;
	const flush = (): void => {
		if (code !== '') found.push({ kind: 'code', text: code });
		code = '';
	};
	while (index < source.length) {
		const piece = pieceAt(source, index, code);
		if (piece === null) {
			code += source[index++];
			continue;
		}
		flush();
		found.push(piece);
		index += piece.text.length;
	}
	flush();
	return found;
}

function pieceAt(source: string, index: number, before: string): Piece | null {
	for (const [pattern, kind] of OPENINGS) {
		const text = matchAt(pattern, source, index);
		if (text !== null) return { kind, text };
	}
	if (source[index] === '`') return { kind: 'template', text: source.slice(index, templateEnd(source, index)) };
	if (source[index] !== '/' || !BEFORE_EXPRESSION.test(before)) return null;
	const text = matchAt(REGULAR_EXPRESSION, source, index);
	return text === null ? null : { kind: 'expression', text };
}

function matchAt(pattern: RegExp, source: string, index: number): string | null {
	pattern.lastIndex = index;
	return pattern.exec(source)?.[0] ?? null;
}

/** Where a template ends, with the templates in its `${}`. */
function templateEnd(source: string, start: number): number {
	let depth = 0;
	for (let index = start + 1; index < source.length; index++) {
		const letter = source[index];
		if (letter === '\\') index++;
		else if (depth === 0 && letter === '`') return index + 1;
		else if (letter === '`') index = templateEnd(source, index) - 1;
		else if (depth === 0 && letter === '$' && source[index + 1] === '{') {
			depth = 1;
			index++;
		} else if (depth > 0 && letter === '{') depth++;
		else if (depth > 0 && letter === '}') depth--;
	}
	return source.length;
}

/** The code alone: of everything else nothing is left but an empty string in its place. */
export function bareCode(source: string): string {
	return pieces(source)
		.map(({ kind, text }) => (kind === 'code' ? text : kind === 'comment' ? ' ' : "''"))
		.join('');
}

/** The code with every string replaced by its number, `'0'`, `'1'` …, and the strings' contents. */
export function numberedStrings(source: string): { code: string; strings: string[] } {
	const strings: string[] = [];
	const code = pieces(source).map(({ kind, text }) => {
		if (kind === 'code') return text;
		if (kind !== 'string') return kind === 'comment' ? ' ' : '``';
		strings.push(text.slice(1, -1));
		return `'${strings.length - 1}'`;
	});
	return { code: code.join(''), strings };
}
