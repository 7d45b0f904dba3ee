/** An error in words, whatever was thrown: objects of strangers may have getters that throw. */

/** Causes that are followed. */
const DEPTH = 5;
/** Characters of one error. */
const LENGTH = 20_000;

/** What was thrown, and what caused that, the outermost first. */
export function causesOf(error: unknown): unknown[] {
	const chain: unknown[] = [];
	let next: unknown = error;
	while (chain.length < DEPTH && !chain.includes(next)) {
		chain.push(next);
		const cause = read(next, 'cause');
		if (cause === undefined || cause === null) break;
		next = cause;
	}
	return chain;
}

/** `Error: message`, or the text of what is no error. */
export function titleOf(error: unknown): string {
	if (!(error instanceof Error)) return textOf(error).slice(0, LENGTH);
	const name = textOf(read(error, 'name'));
	const message = messageOf(error);
	return message === '' ? name : `${name}: ${message}`;
}

export function messageOf(error: Error): string {
	return textOf(read(error, 'message')).slice(0, LENGTH);
}

/** Its stack as the runtime wrote it; empty where there is none. */
export function stackOf(error: unknown): string {
	const stack = error instanceof Error ? read(error, 'stack') : undefined;
	return typeof stack === 'string' ? stack.slice(0, LENGTH) : '';
}

/** Several lines for a log, with causes. No line but the first begins at the margin, so that no message forges one. */
export function errorText(error: unknown): string {
	const texts = causesOf(error).map((one) => stackOf(one) || titleOf(one));
	return texts
		.join('\ncaused by ')
		.replace(CONTROLS, escaped)
		.replaceAll(/\n(?=\S)/g, '\n    ');
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what it looks for
const CONTROLS = /[\x00-\x08\x0b-\x1f\x7f-\x9f]/g;

function escaped(character: string): string {
	return `\\x${character.charCodeAt(0).toString(16).padStart(2, '0')}`;
}

function read(from: unknown, name: string): unknown {
	try {
		return (from as Readonly<Record<string, unknown>> | null | undefined)?.[name];
	} catch {
		return undefined;
	}
}

function textOf(value: unknown): string {
	try {
		return String(value);
	} catch {
		return 'something that cannot be shown';
	}
}
