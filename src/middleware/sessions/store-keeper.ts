/**
 * Sessions that live in a store; the cookie holds a random id, and the store knows only its hash. Ids are made here and
 * never taken from a client: one that the store does not know is no session, and none is begun under it.
 */
import { createHash, randomBytes } from 'node:crypto';
import { cookieValue, type Fields } from '../../fields/index.ts';
import type { Seal } from '../seal.ts';
import { type Draft, type Keeper, NOTHING, type SessionCounts } from './keeper.ts';
import type { Lifetime } from './lifetime.ts';
import type { SessionCookie } from './session-cookie.ts';
import { changed, formatData, parseData, type SessionData } from './session-data.ts';
import type { SessionStore } from './session-store.ts';

/** 256 bits. */
const ID_BYTES = 32;
const ID = /^[\w-]{43}$/;
/** Characters of an entry. */
const LONGEST_ENTRY = 65_536;

export class StoreKeeper implements Keeper {
	private readonly store: SessionStore;
	private readonly cookie: SessionCookie;
	private readonly lifetime: Lifetime;
	/** Null: entries are kept as they are. */
	private readonly seal: Seal | null;
	private readonly counts: SessionCounts;
	/** Writers of a session take turns in this process: each sees what the one before has written. */
	private readonly turns: Map<string, Promise<unknown>> = new Map();

	constructor(
		store: SessionStore,
		cookie: SessionCookie,
		lifetime: Lifetime,
		seal: Seal | null,
		counts: SessionCounts,
	) {
		this.store = store;
		this.cookie = cookie;
		this.lifetime = lifetime;
		this.seal = seal;
		this.counts = counts;
	}

	async load(fields: Fields): Promise<SessionData | null> {
		if (cookieValue(fields, this.cookie.name) === null) return null;
		const key = this.keyIn(fields);
		const data = key === null ? null : await this.read(key);
		if (data === null) this.counts.refused++;
		else this.counts.read++;
		return data;
	}

	async keep(fields: Fields, held: SessionData | null, draft: Draft): Promise<string | null> {
		const { changes, rotated, destroyed } = draft;
		const key = this.keyIn(fields);
		if (destroyed) return this.inTurn(key, () => this.replace(fields, key, changes));
		if (held === null || key === null) return changes.size === 0 ? null : this.begin(changed(NOTHING, changes));
		if (rotated) return this.inTurn(key, () => this.rotate(key, changes));
		if (changes.size === 0 && !this.lifetime.isDue(held, Date.now())) return null;
		return this.inTurn(key, () => this.update(fields, key, changes));
	}

	private inTurn<T>(key: string | null, work: () => Promise<T>): Promise<T> {
		if (key === null) return work();
		const turn = this.turns.get(key)?.then(work, work) ?? work();
		const done = (): void => {
			if (this.turns.get(key) === turn) this.turns.delete(key);
		};
		this.turns.set(key, turn);
		turn.then(done, done);
		return turn;
	}

	private async replace(fields: Fields, key: string | null, changes: Draft['changes']): Promise<string | null> {
		if (key !== null) {
			await this.store.delete(key);
			this.counts.destroyed++;
		}
		const values = changed(NOTHING, changes);
		if (values.size > 0) return this.begin(values);
		return cookieValue(fields, this.cookie.name) === null ? null : this.cookie.gone;
	}

	private async begin(values: ReadonlyMap<string, unknown>): Promise<string | null> {
		if (values.size === 0) return null;
		const id = randomBytes(ID_BYTES).toString('base64url');
		const now = Date.now();
		const data = { began: now, used: now, values };
		await this.write(keyOf(id), data, false);
		return this.cookie.line(id, this.lifetime.left(data, now));
	}

	/** The old id is gone before anybody hears of the new one. */
	private async rotate(key: string, changes: Draft['changes']): Promise<string | null> {
		const current = await this.read(key);
		await this.store.delete(key);
		return (await this.begin(changed(current?.values ?? NOTHING, changes))) ?? this.cookie.gone;
	}

	/** Names that this request has not changed keep what others have written meanwhile. */
	private async update(fields: Fields, key: string, changes: Draft['changes']): Promise<string | null> {
		const current = await this.read(key);
		if (current === null) {
			this.counts.dropped++;
			return null;
		}
		const values = changed(current.values, changes);
		if (values.size === 0) {
			await this.store.delete(key);
			this.counts.destroyed++;
			return this.cookie.gone;
		}
		const data = { began: current.began, used: Date.now(), values };
		if (!(await this.write(key, data, true))) {
			this.counts.dropped++;
			return null;
		}
		if (!this.cookie.persistent) return null;
		return this.cookie.line(cookieValue(fields, this.cookie.name) ?? '', this.lifetime.left(data, data.used));
	}

	private async read(key: string): Promise<SessionData | null> {
		const entry = await this.store.get(key);
		const text = entry === null || this.seal === null ? entry : this.seal.open(entry, `store ${key}`);
		const data = text === null ? null : parseData(text);
		return data !== null && this.lifetime.left(data, Date.now()) > 0 ? data : null;
	}

	private async write(key: string, data: SessionData, existing: boolean): Promise<boolean> {
		const text = formatData(data);
		const entry = this.seal === null ? text : this.seal.close(text, `store ${key}`);
		if (entry.length > LONGEST_ENTRY)
			throw new RangeError(`The session has ${entry.length} characters, and ${LONGEST_ENTRY} are kept at most`);
		const kept = await this.store.set(key, entry, Math.max(1, this.lifetime.left(data, Date.now())), existing);
		if (kept) this.counts.written++;
		return kept;
	}

	/** The store's key for the id that a request brings; null when it brings nothing of an id's form. */
	private keyIn(fields: Fields): string | null {
		const id = cookieValue(fields, this.cookie.name);
		return id !== null && ID.test(id) ? keyOf(id) : null;
	}
}

const keyOf = (id: string): string => createHash('sha256').update(id).digest('base64url');
