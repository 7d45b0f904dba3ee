/**
 * Files by which a program learns to trust the authority of interception. Most variables that name such a file replace what
 * the program trusts otherwise, so the file has all of that and the authority behind it; one that the caller has set already
 * keeps what its own file says.
 */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { getCACertificates } from 'node:tls';
import { StartError } from '../../serve/index.ts';

/** Variables that name all authorities, and who reads them. */
const WHOLE: Readonly<Record<string, string>> = {
	SSL_CERT_FILE: 'OpenSSL, and with it Python and Ruby; Go',
	CURL_CA_BUNDLE: 'curl',
	REQUESTS_CA_BUNDLE: 'requests',
	PIP_CERT: 'pip',
	GIT_SSL_CAINFO: 'git',
	npm_config_cafile: 'npm',
	YARN_HTTPS_CA_FILE_PATH: 'yarn',
	CARGO_HTTP_CAINFO: 'cargo',
	AWS_CA_BUNDLE: 'the AWS command line and its libraries',
	GRPC_DEFAULT_SSL_ROOTS_FILE_PATH: 'gRPC',
	NIX_SSL_CERT_FILE: 'programs of Nix',
};

/** Variables that name authorities beside those that are trusted anyway. */
const BESIDE: Readonly<Record<string, string>> = { NODE_EXTRA_CA_CERTS: 'Node.js, Bun', DENO_CERT: 'Deno' };

export interface TrustBundle {
	/** What is to be set. */
	readonly variables: Readonly<Record<string, string>>;
	/** Takes the files away. */
	remove(): void;
}

/**
 * Writes the files into a folder that its owner alone can look into; `authority` is a certificate in PEM. Throws StartError
 * for a file that a variable names and that cannot be read.
 */
export function trustBundle(environment: NodeJS.ProcessEnv, authority: string): TrustBundle {
	const before = new Map<string, string>();
	for (const name of [...Object.keys(WHOLE), ...Object.keys(BESIDE)]) {
		const file = environment[name];
		if (file !== undefined && file !== '') before.set(name, readNamed(name, file));
	}
	const folder = mkdtempSync(join(tmpdir(), 'turnabout-trust-'));
	const written = new Map<string, string>();
	const fileOf = (certificates: string): string => {
		let file = written.get(certificates);
		if (file === undefined) {
			file = join(folder, `${written.size}.pem`);
			writeFileSync(file, certificates, { mode: 0o600 });
			written.set(certificates, file);
		}
		return file;
	};
	const joined = (name: string, usual: string): [string, string] => [
		name,
		fileOf(`${(before.get(name) ?? usual).trimEnd()}\n${authority}`.trimStart()),
	];
	const usual = usualAuthorities();
	const whole = Object.keys(WHOLE).map((name) => joined(name, usual));
	const beside = Object.keys(BESIDE).map((name) => joined(name, ''));
	return {
		variables: Object.fromEntries([...whole, ...beside]),
		remove: () => rmSync(folder, { recursive: true, force: true }),
	};
}

function readNamed(name: string, file: string): string {
	try {
		return readFileSync(file, 'utf8');
	} catch (error) {
		throw new StartError(
			`${name}: ${(error as Error).message}`,
			'It names certificates that are to be trusted; set it to a file that can be read, or unset it.',
			error,
		);
	}
}

/** Those of this system; where it has none, those that Node.js brings along. */
function usualAuthorities(): string {
	const system = getCACertificates('system');
	return (system.length > 0 ? system : getCACertificates('bundled')).join('\n');
}
