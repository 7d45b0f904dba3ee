/** What the pages for 502, 503 and 504 say to people. */

const advice: Readonly<Record<number, string>> = {
	502: 'The server behind this address could not be reached, or its answer made no sense. Please try again in a moment.',
	503: 'The server behind this address is busy or being looked after. Please try again in a moment.',
	504: 'The server behind this address took too long to answer. Please try again in a moment.',
};
const GENERAL = 'The server behind this address could not answer.';

export function adviceFor(status: number): readonly string[] {
	return [advice[status] ?? GENERAL];
}
