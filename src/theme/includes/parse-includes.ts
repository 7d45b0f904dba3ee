/** A text taken apart into what stands and what has to be brought. */
import { addElement, closeElement } from './esi.ts';
import type { IncludeSyntax, IncludeTarget, Part, PartTree } from './part.ts';
import { PartBuilder } from './part-builder.ts';
import { hasIncludes, Scanner } from './scanner.ts';
import { addCommand } from './ssi.ts';

export function parseIncludes(text: string, syntax: IncludeSyntax): PartTree {
	const scanner = new Scanner(text, syntax);
	const builder = new PartBuilder();
	let from = 0;
	for (let mark = scanner.next(); mark !== null; mark = scanner.next()) {
		builder.add(text.slice(from, mark.start));
		from = mark.end;
		if (mark.kind === 'open') addElement(mark, text.slice(mark.start, mark.end), builder);
		else if (mark.kind === 'close') closeElement(mark, builder);
		else if (mark.kind === 'command') addCommand(mark, text.slice(mark.start, mark.end), builder);
	}
	builder.add(text.slice(from));
	return builder.finish();
}

/** What the text will ask for, in its order, as far as that does not depend on anything failing: to begin fetching early. */
export function findReferences(html: string, syntax: IncludeSyntax): IncludeTarget[] {
	if (!hasIncludes(html, syntax)) return [];
	const found: IncludeTarget[] = [];
	const visit = (parts: readonly Part[]): void => {
		for (const part of parts) {
			if (typeof part === 'string') continue;
			if (part.kind === 'try') visit(part.attempt);
			else if (part.fault === null) found.push({ href: part.href, filter: part.filter });
		}
	};
	visit(parseIncludes(html, syntax).parts);
	return found;
}
