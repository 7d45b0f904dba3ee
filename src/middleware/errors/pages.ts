/** The built-in pages: plain, friendly, and silent about what has happened. */
import type { ErrorFacts } from './options.ts';

const ADVICE: Readonly<Record<number, string>> = {
	401: 'You have to sign in to see this.',
	403: 'This is not open to you.',
	404: 'There is nothing at this address.',
	405: 'This address does not do what was asked of it.',
	410: 'What was at this address is gone.',
	413: 'What was sent is too large.',
	429: 'That was a lot at once. Please wait a moment.',
	502: 'The server behind this address could not be reached, or its answer made no sense. Please try again in a moment.',
	503: 'The server is busy or being looked after. Please try again in a moment.',
	504: 'The server behind this address took too long to answer. Please try again in a moment.',
};

export const STYLE: string =
	'body{font:1.1rem/1.5 system-ui,sans-serif;max-width:34rem;margin:15vh auto;padding:0 1rem;color:#222;background:#fff}h1{font-size:1.4rem}small{color:#666}@media(prefers-color-scheme:dark){body{color:#ddd;background:#181818}small{color:#aaa}}';

/** A page of HTML around `body`, which is HTML; `title` is text. */
export function htmlPage(title: string, style: string, body: string): string {
	return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>${escapeHtml(title)}</title>
<style>${style}</style>
${body}
</html>
`;
}

export function errorPage({ status, title, detail, id }: ErrorFacts): string {
	const heading = `${status} ${title}`;
	const text = detail ?? ADVICE[status] ?? general(status);
	const reference = id === null ? '' : `\n<p><small>Reference: ${escapeHtml(id)}</small></p>`;
	return htmlPage(heading, STYLE, `<h1>${escapeHtml(heading)}</h1>\n<p>${escapeHtml(text)}</p>${reference}`);
}

function general(status: number): string {
	if (status < 500) return 'This could not be answered the way it was asked.';
	return 'Something went wrong on our side. Please try again in a moment.';
}

/** RFC 9457; `more` are members of our own. */
export function problem(facts: ErrorFacts, more: Readonly<Record<string, unknown>> = {}): string {
	const { status, title, detail, id } = facts;
	// Section 4.2.1: without a type of its own, the title is that of the status.
	const members = {
		type: 'about:blank',
		title,
		status,
		...(detail !== null && { detail }),
		...(id !== null && { requestId: id }),
		...more,
	};
	return `${JSON.stringify(members)}\n`;
}

const ENTITIES: Readonly<Record<string, string>> = {
	'&': '&amp;',
	'<': '&lt;',
	'>': '&gt;',
	'"': '&quot;',
	"'": '&#39;',
};

/** For text in HTML, and for attributes in quotes. */
export function escapeHtml(text: string): string {
	return text.replace(/[&<>"']/g, (character) => ENTITIES[character] as string);
}
