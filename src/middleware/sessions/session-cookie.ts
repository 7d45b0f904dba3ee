/** The cookie's line, made new or taken away. */
import { type CookieAttributes, formatSetCookie } from '../../fields/index.ts';
import type { SessionsSettings } from './options.ts';

/** Octets of name and value that browsers take (RFC 6265bis section 5.6). */
export const LONGEST_COOKIE = 4096;

export class SessionCookie {
	readonly name: string;
	readonly persistent: boolean;
	/** What makes the browser forget it. */
	readonly gone: string;
	private readonly attributes: CookieAttributes;

	constructor({ name, persistent, attributes }: SessionsSettings['cookie']) {
		this.name = name;
		this.persistent = persistent;
		this.attributes = attributes;
		this.gone = formatSetCookie(name, '', { ...attributes, maxAge: 0 });
	}

	/** `left` is how many milliseconds the session has. */
	line(value: string, left: number): string {
		if (!this.persistent) return formatSetCookie(this.name, value, this.attributes);
		return formatSetCookie(this.name, value, { ...this.attributes, maxAge: Math.max(1, Math.ceil(left / 1000)) });
	}
}
