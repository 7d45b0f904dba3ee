/** What people read when there is no content: friendly, and silent about what stands behind us. */

export interface FailureText {
	readonly title: string;
	readonly message: string;
}

const TEXTS: Readonly<Record<number, FailureText>> = {
	502: {
		title: 'This page cannot be shown',
		message: 'The server behind it could not be reached, or its answer made no sense. Please try again in a moment.',
	},
	503: {
		title: 'We will be right back',
		message: 'The server behind this page is busy or being looked after. Please try again in a moment.',
	},
	504: {
		title: 'This takes too long',
		message: 'The server behind this page did not answer in time. Please try again in a moment.',
	},
};

const GENERAL: FailureText = {
	title: 'Something went wrong',
	message: 'The page you asked for could not be made. Please try again in a moment.',
};

/** The text for a status of 500 and up. */
export function failureText(status: number): FailureText {
	return TEXTS[status] ?? GENERAL;
}

const ESCAPES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

const escaped = (text: string): string => text.replace(/[&<>"]/g, (character) => ESCAPES[character] as string);

/** As HTML: a title, and the words below it. */
export function failureNotice({ title, message }: FailureText): { readonly title: string; readonly text: string } {
	const heading = escaped(title);
	return { title: heading, text: `<h1>${heading}</h1><p>${escaped(message)}</p>` };
}

/** The smallest page that says it. */
export function failureDocument(said: FailureText): string {
	const { title, text } = failureNotice(said);
	return `<!doctype html>\n<html lang="en">\n<head><meta charset="utf-8"><title>${title}</title></head>\n<body>${text}</body>\n</html>\n`;
}

/** Whether a page says it, whatever is around it. */
export function says(html: string, { message }: FailureText): boolean {
	return html.includes(escaped(message));
}
