/** An attribute value template taken apart (XSLT 1.0 section 7.6.2): `{…}` is an expression, `{{` a brace. */

/** The source of an expression, and where it begins in the value. */
export interface TemplateExpression {
	readonly source: string;
	readonly at: number;
}

/** Texts and expressions in order; null when a brace has no partner. */
export function templateParts(value: string): readonly (string | TemplateExpression)[] | null {
	const parts: (string | TemplateExpression)[] = [];
	let text = '';
	for (let at = 0; at < value.length; at++) {
		const character = value[at] as string;
		if (character !== '{' && character !== '}') text += character;
		else if (value[at + 1] === character) text += value[at++];
		else if (character === '}') text += '}';
		else {
			const end = closing(value, at + 1);
			if (end === -1) return null;
			if (text !== '') parts.push(text);
			text = '';
			parts.push({ source: value.slice(at + 1, end), at: at + 1 });
			at = end;
		}
	}
	if (text !== '') parts.push(text);
	return parts;
}

/** Where the expression begun before `from` ends; strings in it may hold braces. */
function closing(value: string, from: number): number {
	let quote = '';
	for (let at = from; at < value.length; at++) {
		const character = value[at] as string;
		if (quote !== '') quote = character === quote ? '' : quote;
		else if (character === '"' || character === "'") quote = character;
		else if (character === '}') return at;
	}
	return -1;
}
