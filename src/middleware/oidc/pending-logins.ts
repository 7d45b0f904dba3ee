/** Logins that a browser has begun and not ended, in its session: a few, and not for long. What ends one is the state, which no other browser has. */
import type { Session } from '../keys.ts';
import type { Ready } from './provider.ts';

/** One that was begun. */
export interface PendingLogin {
	readonly state: string;
	readonly nonce: string;
	/** PKCE's (RFC 7636). */
	readonly verifier: string;
	/** The path to go back to. */
	readonly back: string;
	/** Milliseconds since 1970. */
	readonly begun: number;
}

const MOST = 5;
/** Characters altogether: a session may have to fit into its cookie. */
const MOST_TEXT = 1200;
const LONGEST_BACK = 700;
/** Milliseconds. */
const LIFE = 600_000;

export class PendingLogins {
	private readonly name: string;

	/** `name` is that of the session's value. */
	constructor(name: string) {
		this.name = name;
	}

	async begin({ openid }: Pick<Ready, 'openid'>, session: Session, back: string): Promise<PendingLogin> {
		const login = {
			state: openid.randomState(),
			nonce: openid.randomNonce(),
			verifier: openid.randomPKCECodeVerifier(),
			back: back.length > LONGEST_BACK ? '/' : back,
			begun: Date.now(),
		};
		const list = [...(await this.list(session)), login];
		while (list.length > MOST || (list.length > 1 && JSON.stringify(list).length > MOST_TEXT)) list.shift();
		session.set(this.name, list);
		return login;
	}

	/** The login with that state, or null. It stays until `clear`. */
	async find(session: Session, state: string): Promise<PendingLogin | null> {
		return (await this.list(session)).find((login) => login.state === state) ?? null;
	}

	clear(session: Session): void {
		session.delete(this.name);
	}

	private async list(session: Session): Promise<PendingLogin[]> {
		const list = ((await session.get(this.name)) ?? []) as readonly PendingLogin[];
		return list.filter(({ begun }) => Date.now() - begun < LIFE);
	}
}
