/** A browser of the plainest kind: cookies for each origin, redirects, and forms that it fills in and sends. */
import { type IncomingMessage, request } from 'node:http';
import { text as textOf } from 'node:stream/consumers';

export interface Page {
	readonly url: URL;
	readonly status: number;
	readonly text: string;
}

export class Browser {
	private readonly jars: Map<string, Map<string, string>> = new Map();

	cookiesOf(origin: string): Map<string, string> {
		const jar = this.jars.get(origin) ?? new Map<string, string>();
		this.jars.set(origin, jar);
		return jar;
	}

	/** Follows redirects to the page at their end, or to an address that begins with `before`, which is not opened. */
	async open(address: string | URL, form: URLSearchParams | null = null, before?: string): Promise<Page> {
		let url = new URL(address);
		let body = form;
		for (let hops = 0; hops < 15; hops++) {
			const jar = this.cookiesOf(url.origin);
			const response = await ask(url, body, [...jar].map(([name, value]) => `${name}=${value}`).join('; '));
			for (const line of response.headers['set-cookie'] ?? []) keep(jar, line);
			const text = await textOf(response);
			const { location } = response.headers;
			if (location === undefined) return { url, status: response.statusCode ?? 0, text };
			url = new URL(location, url);
			if (before !== undefined && url.href.startsWith(before)) return { url, status: 0, text: '' };
			body = null;
		}
		throw new Error(`Too many redirects, at ${url.href}`);
	}

	/** Sends the page's form, with these fields filled in. */
	submit(page: Page, filled: Record<string, string>, before?: string): Promise<Page> {
		const action = /<form[^>]*action="([^"]+)"/.exec(page.text)?.[1];
		if (action === undefined) throw new Error(`No form at ${page.url.href}: ${page.text.slice(0, 500)}`);
		const fields = new URLSearchParams();
		for (const [input] of page.text.matchAll(/<input[^>]*>/g)) {
			const name = /name="([^"]+)"/.exec(input)?.[1];
			if (name !== undefined) fields.set(name, /value="([^"]*)"/.exec(input)?.[1] ?? '');
		}
		for (const [name, value] of Object.entries(filled)) fields.set(name, value);
		return this.open(new URL(action.replaceAll('&amp;', '&'), page.url), fields, before);
	}
}

/** By node's own client: its `fetch` says that a script is asking. */
function ask(url: URL, body: URLSearchParams | null, cookie: string): Promise<IncomingMessage> {
	const mode = { accept: 'text/html', 'sec-fetch-mode': 'navigate', cookie };
	const form = { origin: url.origin, 'content-type': 'application/x-www-form-urlencoded' };
	const headers = body === null ? mode : { ...mode, ...form };
	return new Promise((resolve, reject) => {
		const sent = request(url, { method: body === null ? 'GET' : 'POST', headers }, resolve);
		sent.once('error', reject);
		sent.end(body?.toString());
	});
}

function keep(jar: Map<string, string>, line: string): void {
	const [pair = ''] = line.split(';');
	const equals = pair.indexOf('=');
	const name = pair.slice(0, equals);
	const over = /;\s*max-age=0/i.test(line) || /;\s*expires=Thu, 01 Jan 1970/i.test(line);
	if (over) jar.delete(name);
	else jar.set(name, pair.slice(equals + 1));
}
