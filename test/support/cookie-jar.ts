/** A browser's cookies, for one site: what answers set, and what the next request brings. */
import type { App } from '../../src/convention/index.ts';
import { ask, type MemoryAnswer, type MemoryRequest } from '../../src/engine/memory/index.ts';

export class CookieJar {
	readonly cookies: Map<string, string> = new Map();

	/** The value for Cookie; empty without any. */
	get header(): string {
		return [...this.cookies].map(([name, value]) => `${name}=${value}`).join('; ');
	}

	/** Takes what an answer sets. */
	take(lines: readonly string[]): void {
		for (const line of lines) {
			const [pair = '', ...attributes] = line.split('; ');
			const equals = pair.indexOf('=');
			const name = pair.slice(0, equals);
			if (attributes.includes('Max-Age=0')) this.cookies.delete(name);
			else this.cookies.set(name, pair.slice(equals + 1));
		}
	}

	/** Asks an app by https, as a browser with these cookies. */
	async ask(app: App, target: string, request: Omit<MemoryRequest, 'target' | 'url'> = {}): Promise<MemoryAnswer> {
		const fields = [
			...Object.entries(request.fields ?? {}).flat(),
			...(this.cookies.size > 0 ? ['Cookie', this.header] : []),
		];
		const answer = await ask(app, { scheme: 'https', ...request, target, fields: fields as string[] });
		this.take(answer.fields.all('set-cookie'));
		return answer;
	}
}
