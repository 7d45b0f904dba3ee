/** The old site's login: one account, a cookie with a random number, and a list of who has one. */
import { randomBytes } from 'node:crypto';
import type { IncomingMessage } from 'node:http';

const COOKIE = 'WEBEASYID';
const MAXIMUM = 1_000;

const accounts: Readonly<Record<string, string>> = { captain: 'ahoy' };

export class Sessions {
	private readonly members = new Map<string, string>();

	/** The `Set-Cookie` line for a new session, or null when name and password do not fit. */
	login(name: string, password: string): string | null {
		if (!Object.hasOwn(accounts, name) || accounts[name] !== password) return null;
		const [oldest] = this.members.keys();
		if (oldest !== undefined && this.members.size >= MAXIMUM) this.members.delete(oldest);
		const id = randomBytes(16).toString('hex');
		this.members.set(id, name);
		return `${COOKIE}=${id}; Path=/; HttpOnly`;
	}

	/** Ends the session; returns the `Set-Cookie` line that takes the cookie away. */
	logout(request: IncomingMessage): string {
		this.members.delete(idOf(request));
		return `${COOKIE}=; Path=/; Expires=Thu, 01 Jan 1970 00:00:00 GMT; HttpOnly`;
	}

	/** The name of the member who sent this request, or null. */
	member(request: IncomingMessage): string | null {
		return this.members.get(idOf(request)) ?? null;
	}
}

function idOf(request: IncomingMessage): string {
	for (const cookie of (request.headers.cookie ?? '').split(';')) {
		const [name = '', value = ''] = cookie.trim().split('=', 2);
		if (name === COOKIE) return value;
	}
	return '';
}
