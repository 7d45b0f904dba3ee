/** Where the branches of a selector list stand in its source, so that each can be named in messages. */

export interface Branch {
	readonly text: string;
	readonly offset: number;
}

/** Split at the commas that stand in neither parentheses, brackets nor quotes. */
export function splitList(source: string): Branch[] {
	const branches: Branch[] = [];
	let start = 0;
	let depth = 0;
	let quote = '';
	for (let at = 0; at < source.length; at++) {
		const char = source.charAt(at);
		if (char === '\\') at++;
		else if (quote !== '') quote = char === quote ? '' : quote;
		else if (char === '"' || char === "'") quote = char;
		else if (char === '(' || char === '[') depth++;
		else if (char === ')' || char === ']') depth--;
		else if (char === ',' && depth === 0) {
			branches.push({ text: source.slice(start, at), offset: start });
			start = at + 1;
		}
	}
	branches.push({ text: source.slice(start), offset: start });
	return branches;
}
