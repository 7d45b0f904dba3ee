/** The lines around a place, with a caret under it. */
import { lineColumn, type Place } from './place.ts';

/** Lines shown above and below, and how wide a line may be. */
const AROUND = 2;
const WIDTH = 100;
const TAB = 4;

/**
 * ```
 *    11 | <rules>
 * >  12 |     <repalce css:theme="#a"/>
 *       |      ^^^^^^^
 *    13 | </rules>
 * ```
 */
export function codeFrame(place: Place): string {
	const { line, column } = lineColumn(place);
	const lines = place.file.text.split('\n').map((text) => text.replace(/\r$/, ''));
	const first = Math.max(1, line - AROUND);
	const last = Math.min(lines.length, line + AROUND);
	const digits = String(last).length;
	const text = lines[line - 1] ?? '';
	const start = expand(text.slice(0, column - 1)).length;
	const covered = expand(text.slice(0, column - 1 + Math.max(1, place.length))).length;
	const cut = Math.max(0, start - WIDTH + Math.min(WIDTH / 2, Math.max(1, covered - start)));
	const gutter = ' '.repeat(digits + 2);
	const shown = [];
	for (let at = first; at <= last; at++) {
		const marked = at === line;
		const row = clip(expand(lines[at - 1] ?? ''), cut);
		shown.push(`${marked ? '>' : ' '} ${String(at).padStart(digits)} | ${row}`.trimEnd());
		if (!marked) continue;
		const from = start - cut + (cut > 0 ? 1 : 0);
		const carets = Math.max(1, Math.min(covered - start, WIDTH - (start - cut)));
		shown.push(`${gutter} | ${' '.repeat(from)}${'^'.repeat(carets)}`);
	}
	return shown.join('\n');
}

/** Tabs as spaces up to the next stop, so that the caret stands where it should in any terminal. */
function expand(text: string): string {
	let out = '';
	for (const letter of text) out += letter === '\t' ? ' '.repeat(TAB - (out.length % TAB)) : letter;
	return out;
}

/** A piece of a long line, with an ellipsis where something is missing. */
function clip(text: string, cut: number): string {
	const piece = text.slice(cut, cut + WIDTH);
	return `${cut > 0 ? '…' : ''}${piece}${cut + WIDTH < text.length ? '…' : ''}`;
}
