/** Diagnostics for a terminal: one after the other, errors first, each with the lines it is about. */
import { type Diagnostic } from './diagnostic.ts';
import { codeFrame } from './frame.ts';
import { placeName } from './place.ts';

/**
 * ```
 * rules.xml:12:7: error: There is no element 'repalce'. [unknown-element]
 *
 *   11 | …
 *
 *   Did you mean 'replace'?
 * ```
 */
export function formatDiagnostics(list: readonly Diagnostic[]): string {
	return list
		.toSorted((a, b) => rank(a) - rank(b))
		.map(formatOne)
		.join('\n\n');
}

const rank = ({ severity }: Diagnostic): number => (severity === 'error' ? 0 : 1);

function formatOne({ severity, code, message, hint, place }: Diagnostic): string {
	const where = place === null ? '' : `${placeName(place)}: `;
	const parts = [`${where}${severity}: ${message} [${code}]`];
	if (place !== null && place.file.text !== '') parts.push(codeFrame(place));
	if (hint !== null) parts.push(`  ${hint}`);
	return parts.join('\n\n');
}
