/** Sessions that live in their cookies. Who has an old cookie has the old session until it expires: nothing is remembered here. */
import { cookieValue, type Fields } from '../../fields/index.ts';
import type { Seal } from '../seal.ts';
import { type Draft, type Keeper, NOTHING, type SessionCounts } from './keeper.ts';
import type { Lifetime } from './lifetime.ts';
import { LONGEST_COOKIE, type SessionCookie } from './session-cookie.ts';
import { changed, formatData, parseData, type SessionData } from './session-data.ts';

export class CookieKeeper implements Keeper {
	private readonly cookie: SessionCookie;
	private readonly lifetime: Lifetime;
	private readonly seal: Seal;
	private readonly counts: SessionCounts;
	/** Binds a value to the cookie's name: under another it is nothing. */
	private readonly purpose: string;

	constructor(cookie: SessionCookie, lifetime: Lifetime, seal: Seal, counts: SessionCounts) {
		this.cookie = cookie;
		this.lifetime = lifetime;
		this.seal = seal;
		this.counts = counts;
		this.purpose = `cookie ${cookie.name}`;
	}

	load(fields: Fields): SessionData | null {
		const value = cookieValue(fields, this.cookie.name);
		if (value === null) return null;
		const text = value.length > LONGEST_COOKIE ? null : this.seal.open(value, this.purpose);
		const data = text === null ? null : parseData(text);
		if (data === null || this.lifetime.left(data, Date.now()) <= 0) {
			this.counts.refused++;
			return null;
		}
		this.counts.read++;
		return data;
	}

	keep(fields: Fields, held: SessionData | null, { changes, rotated, destroyed }: Draft): string | null {
		const now = Date.now();
		const base = destroyed ? null : held;
		const values = changed(base?.values ?? NOTHING, changes);
		if (destroyed && held !== null) this.counts.destroyed++;
		if (values.size === 0) {
			const away = destroyed ? cookieValue(fields, this.cookie.name) !== null : held !== null;
			return away ? this.cookie.gone : null;
		}
		const due = changes.size > 0 || rotated || (base !== null && this.lifetime.isDue(base, now));
		if (!due) return null;
		const data = { began: base === null || rotated ? now : base.began, used: now, values };
		const value = this.seal.close(formatData(data), this.purpose);
		const length = this.cookie.name.length + value.length;
		if (length > LONGEST_COOKIE) {
			throw new RangeError(
				`The session needs a cookie of ${length} octets, and browsers take ${LONGEST_COOKIE}: keep less in it, or give sessions a store`,
			);
		}
		this.counts.written++;
		return this.cookie.line(value, this.lifetime.left(data, now));
	}
}
