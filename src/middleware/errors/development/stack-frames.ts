/**
 * The places that a stack names. The text in front of them is the error's message, which a client may have had a hand in:
 * it is cut off first, so that no message names a place.
 */
import { messageOf, stackOf } from '../error-text.ts';

export interface StackFrame {
	/** As it stands, without white space around it. */
	readonly text: string;
	/** A path or a `file:` URL; null where it is none. */
	readonly file: string | null;
	readonly line: number;
}

/** Frames that are shown. */
const MOST = 50;

/** The frames, the innermost first; none when it cannot be told where they begin. */
export function stackFrames(error: unknown): StackFrame[] {
	if (!(error instanceof Error)) return [];
	const stack = stackOf(error);
	const message = messageOf(error);
	const at = stack.indexOf(message);
	if (at === -1) return [];
	return stack
		.slice(at + message.length)
		.split('\n')
		.slice(1)
		.filter((line) => line.startsWith('    at '))
		.slice(0, MOST)
		.map((line) => frameOf(line.trim()));
}

/** `at name (file:line:column)` or `at file:line:column`. */
function frameOf(text: string): StackFrame {
	const none = { text, file: null, line: 0 };
	const open = text.lastIndexOf('(');
	const place =
		open === -1 ? text.replace(/^at (?:async )?/, '') : text.slice(open + 1, text.endsWith(')') ? -1 : undefined);
	const column = place.lastIndexOf(':');
	const colon = place.lastIndexOf(':', column - 1);
	if (colon <= 0) return none;
	const line = place.slice(colon + 1, column);
	if (!/^\d{1,7}$/.test(line) || !/^\d{1,7}$/.test(place.slice(column + 1))) return none;
	const file = place.slice(0, colon);
	if (file.includes(')')) return none;
	return /^(?:file:\/\/)?\//.test(file) || /^(?:file:\/\/\/)?[A-Za-z]:[\\/]/.test(file)
		? { text, file, line: Number(line) }
		: none;
}
