/** Text that functions make of text: a template that doubles it again and again must not fill the memory. */
import { XPathLimit } from '../xpath-error.ts';

/** In UTF-16 units. No page is as long. */
const LONGEST = 16_000_000;

/** The text itself; throws when it is too long. */
export function bounded(text: string, made: string): string {
	if (text.length > LONGEST) throw new XPathLimit('text', `${made} makes more than ${LONGEST} characters.`);
	return text;
}
