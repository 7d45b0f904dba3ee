/** A page that gets the client at its end. What content security policies say is heeded, in fields and in the page itself. */
import type { Page, PageResult } from '../http/index.ts';
import { atEnd, type ClientData, clientMarkup } from './client.ts';
import { scriptLeave } from './content-policy.ts';

export interface ClientPageOptions {
	readonly page: Page;
	/** Asked when the page has ended. */
	readonly data: (result: PageResult) => ClientData;
	/** The policies of the response. */
	readonly policies: string | null;
	/** Where the script is to be had. */
	readonly file: string;
}

export class ClientPage implements Page {
	private readonly options: ClientPageOptions;
	private policies: string[];

	constructor(options: ClientPageOptions) {
		this.options = options;
		this.policies = options.policies === null ? [] : [options.policies];
	}

	write(text: string): string | Promise<string> {
		const out = this.options.page.write(text);
		return typeof out === 'string' ? this.seen(out) : out.then((late) => this.seen(late));
	}

	end(): PageResult | Promise<PageResult> {
		const result = this.options.page.end();
		return result instanceof Promise ? result.then((late) => this.finished(late)) : this.finished(result);
	}

	private finished(result: PageResult): PageResult {
		if (!result.themed) return result;
		const text = this.seen(result.text);
		const policies = this.policies.length === 0 ? null : this.policies.join(',');
		const { data, file } = this.options;
		return { ...result, text: atEnd(text, clientMarkup(data(result), scriptLeave(policies), file)) };
	}

	private seen(text: string): string {
		this.policies.push(...policiesIn(text));
		return text;
	}
}

const META = /<meta\s[^>]*http-equiv\s*=\s*["']?content-security-policy\b[^>]*>/gi;
const CONTENT = /\scontent\s*=\s*(?:"([^"]*)"|'([^']*)')/i;

/** Policies that a page has in its own head. */
function policiesIn(text: string): string[] {
	return [...text.matchAll(META)].flatMap(([tag]) => {
		const [, double, single] = CONTENT.exec(tag) ?? [];
		const value = double ?? single;
		return value === undefined ? [] : [value.replaceAll('&#39;', "'").replaceAll('&quot;', '"')];
	});
}
