/** One key and certificate for all targets of a bench, so that all pay for the same signature. */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { program } from './machine.ts';

export interface Pair {
	readonly cert: string;
	readonly key: string;
}

export function opensslMissing(): string | null {
	return program('openssl') === null ? 'openssl is not installed' : null;
}

/** ECDSA over P-256, in the folder above that of a target. */
export function pairFor(folder: string): Pair {
	const [cert, key] = ['bench.pem', 'bench.key'].map((file) => join(dirname(folder), file)) as [string, string];
	if (!existsSync(cert)) {
		const names = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost'];
		const kind = ['-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '2'];
		const { status, stderr } = spawnSync('openssl', ['req', ...kind, ...names, '-keyout', key, '-out', cert]);
		if (status !== 0) throw new Error(`openssl: ${String(stderr).trim()}`);
	}
	return { cert, key };
}
