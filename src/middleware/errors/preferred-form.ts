/** HTML for people, problem+json (RFC 9457) for programs: what a request says by its Accept (RFC 9110 section 12.5.1). */
import { type Weighted, weightedList } from '../../fields/index.ts';

export type Form = 'html' | 'json';

/** From the most special name to the most general. */
const HTML = [['text/html'], ['text/*'], ['*/*']];
const JSON_FORMS = [['application/problem+json', 'application/json'], ['application/*'], ['*/*']];

/**
 * What the client likes better. Where it does not care, who names HTML alone is a browser, and everybody else is none. A client
 * that wants neither gets JSON all the same: an error in another form says more than 406.
 */
export function preferredForm(accept: string | null): Form {
	if (accept === null) return 'json';
	const ranges = weightedList(accept);
	const html = wish(ranges, HTML);
	const json = wish(ranges, JSON_FORMS);
	if (html.weight !== json.weight) return html.weight > json.weight ? 'html' : 'json';
	return html.weight > 0 && html.rank < json.rank ? 'html' : 'json';
}

/** The weight of the most special of `names` that the client names, and how special that is; 0 is the most. */
function wish(ranges: readonly Weighted[], names: readonly (readonly string[])[]): { weight: number; rank: number } {
	for (const [rank, alike] of names.entries()) {
		const said = ranges.filter(({ name }) => alike.includes(name));
		if (said.length > 0) return { weight: Math.max(...said.map(({ weight }) => weight)), rank };
	}
	return { weight: 0, rank: names.length };
}
