/** From what stands in the source to what it means: character references and ends of lines. */
import { decodeHTML, decodeHTMLAttribute } from 'entities/decode';

const withLineFeeds = (slice: string): string => (slice.includes('\r') ? slice.replace(/\r\n?/g, '\n') : slice);

/** Text between tags. */
export function decodeText(slice: string): string {
	const text = withLineFeeds(slice);
	return text.includes('&') ? decodeHTML(text) : text;
}

/** The value of an attribute, without its quotes: a reference without semicolon counts only where no name goes on. */
export function decodeAttribute(slice: string): string {
	const text = withLineFeeds(slice);
	return text.includes('&') ? decodeHTMLAttribute(text) : text;
}

/** Text without references: scripts, styles, comments. */
export function decodeRaw(slice: string): string {
	return withLineFeeds(slice);
}
