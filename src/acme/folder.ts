/**
 * The folder that all processes of a server share: keys, the certificate, what proves a name while that is asked, and a lock,
 * so that one of them asks for all. A file is replaced as a whole, by its name.
 */
import { randomBytes, X509Certificate } from 'node:crypto';
import { mkdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** Milliseconds after which a lock is that of a process that has died. */
const STALE = 900_000;
/** A token of a challenge (RFC 8555 section 8.3), and a name of a host: no path. */
const SAFE = /^[\w.-]{1,256}$/;

export class Folder {
	readonly certFile: string;
	readonly keyFile: string;
	private readonly path: string;
	private readonly challenges: string;

	constructor(path: string, name: string) {
		const base = name.replace('*', '_');
		this.path = path;
		this.challenges = join(path, 'challenges');
		this.certFile = join(path, `${base}.pem`);
		this.keyFile = join(path, `${base}.key`);
	}

	/** Throws the system's error. */
	make(): void {
		mkdirSync(this.challenges, { recursive: true, mode: 0o700 });
	}

	/** The key of our account with that server; null before there is one. */
	accountKey(): Buffer | null {
		return read(join(this.path, 'account.key'));
	}

	/** Our account with that server, as it has called it; null before there is one. */
	accountUrl(server: string): string | null {
		const [whose, url = null] = (read(join(this.path, 'account.url'))?.toString() ?? '').split(' ');
		return whose === server ? url : null;
	}

	keepAccountUrl(server: string, url: string): void {
		replace(join(this.path, 'account.url'), `${server} ${url}`);
	}

	/** It may be one that the server does not know any more: it is asked for by its key again. */
	dropAccountUrl(): void {
		rmSync(join(this.path, 'account.url'), { force: true });
	}

	keepAccountKey(key: Buffer): void {
		replace(join(this.path, 'account.key'), key);
	}

	/** The certificate in force; null when there is none that can be read. */
	certificate(): X509Certificate | null {
		const text = read(this.certFile);
		if (text === null || read(this.keyFile) === null) return null;
		try {
			return new X509Certificate(text);
		} catch {
			return null;
		}
	}

	/** The key first: whoever reads between the two finds that they do not fit, and reads again. */
	keepCertificate(certificate: string | Buffer, key: string | Buffer): void {
		replace(this.keyFile, key);
		replace(this.certFile, certificate);
	}

	keepChallenge(name: string, content: string): void {
		replace(join(this.challenges, name), content);
	}

	dropChallenge(name: string): void {
		rmSync(join(this.challenges, name), { force: true });
	}

	/** Asked by anybody's request: null for what is no challenge. */
	async challenge(name: string): Promise<string | null> {
		if (!SAFE.test(name)) return null;
		return readFile(join(this.challenges, name), 'utf8').catch(() => null);
	}

	challengeNow(name: string): string | null {
		return SAFE.test(name) ? (read(join(this.challenges, name))?.toString() ?? null) : null;
	}

	/** Whether we are the one who asks now. */
	lock(): boolean {
		const file = join(this.path, 'lock');
		try {
			writeFileSync(file, String(process.pid), { flag: 'wx', mode: 0o600 });
			return true;
		} catch {
			if (!isStale(file)) return false;
			rmSync(file, { force: true });
			return false;
		}
	}

	unlock(): void {
		rmSync(join(this.path, 'lock'), { force: true });
	}
}

function read(path: string): Buffer | null {
	try {
		return readFileSync(path);
	} catch {
		return null;
	}
}

function isStale(path: string): boolean {
	try {
		return Date.now() - statSync(path).mtimeMs > STALE;
	} catch {
		return false;
	}
}

function replace(path: string, content: string | Buffer): void {
	const fresh = `${path}.${randomBytes(6).toString('hex')}`;
	writeFileSync(fresh, content, { mode: 0o600 });
	renameSync(fresh, path);
}
