/** The pages for 502, 503 and 504: plain, friendly, and silent about what stands behind us. */
import { type RawRequest, reasonPhrase } from '../../convention/index.ts';

const advice: Readonly<Record<number, string>> = {
	502: 'The server behind this address could not be reached, or its answer made no sense. Please try again in a moment.',
	503: 'The server behind this address is busy or being looked after. Please try again in a moment.',
	504: 'The server behind this address took too long to answer. Please try again in a moment.',
};
const GENERAL = 'The server behind this address could not answer.';

export interface Page {
	readonly type: string;
	readonly text: string;
}

/** HTML for those who ask for it, plain text for everybody else. */
export function errorPage(request: RawRequest, status: number): Page {
	const title = `${status} ${reasonPhrase(status)}`;
	const text = advice[status] ?? GENERAL;
	if (!(request.fields.get('accept') ?? '').toLowerCase().includes('text/html')) {
		return { type: 'text/plain; charset=utf-8', text: `${title}\n\n${text}\n` };
	}
	return {
		type: 'text/html; charset=utf-8',
		text: `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>${title}</title>
<style>body{font:1.1rem/1.5 system-ui,sans-serif;max-width:34rem;margin:15vh auto;padding:0 1rem;color:#222;background:#fff}h1{font-size:1.4rem}@media(prefers-color-scheme:dark){body{color:#ddd;background:#181818}}</style>
<h1>${title}</h1>
<p>${text}</p>
</html>
`,
	};
}
