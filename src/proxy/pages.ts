/** The pages that a proxy answers itself: plain, friendly, and silent about what stands behind it. */
import { type RawRequest, reasonPhrase } from '../convention/index.ts';

export interface Page {
	readonly type: string;
	readonly text: string;
}

/** HTML for those who ask for it, plain text for everybody else. `lines` are paragraphs of text. */
export function page(request: RawRequest, status: number, lines: readonly string[]): Page {
	const title = `${status} ${reasonPhrase(status)}`;
	if (!(request.fields.get('accept') ?? '').toLowerCase().includes('text/html')) {
		return { type: 'text/plain; charset=utf-8', text: `${title}\n\n${lines.join('\n')}\n` };
	}
	const paragraphs = lines.map((line) => `<p>${escaped(line)}</p>`).join('\n');
	return {
		type: 'text/html; charset=utf-8',
		text: `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>${title}</title>
<style>body{font:1.1rem/1.5 system-ui,sans-serif;max-width:34rem;margin:15vh auto;padding:0 1rem;color:#222;background:#fff}h1{font-size:1.4rem}@media(prefers-color-scheme:dark){body{color:#ddd;background:#181818}}</style>
<h1>${title}</h1>
${paragraphs}
</html>
`,
	};
}

const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

function escaped(text: string): string {
	return text.replace(/[&<>"]/g, (character) => ENTITIES[character] as string);
}
