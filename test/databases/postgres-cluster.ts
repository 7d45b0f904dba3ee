/** A PostgreSQL of the test's own: a cluster in a temporary folder, reached by a unix socket in it, gone after the test. */
import { execFileSync } from 'node:child_process';
import { chownSync, existsSync, globSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const bin = globSync('/usr/lib/postgresql/*/bin').toSorted().at(-1) ?? '/usr/local/bin';

/** PostgreSQL refuses to run as root: its own user is asked then, or nobody. */
function owner(): { readonly uid: number; readonly gid: number } | null {
	if (process.getuid?.() !== 0) return null;
	for (const name of ['postgres', 'nobody']) {
		try {
			const [uid, gid] = ['-u', '-g'].map((flag) => Number(execFileSync('id', [flag, name], { stdio: 'pipe' })));
			if (uid !== undefined && gid !== undefined) return { uid, gid };
		} catch {
			// There is no such user.
		}
	}
	return null;
}

/** Why there is no PostgreSQL here, or false: for the option of a test. */
export const skip: string | false = existsSync(join(bin, 'initdb')) ? false : 'PostgreSQL is not installed';

export class PostgresCluster {
	/** Where the socket is: the host, for clients. */
	readonly folder: string;
	readonly user = 'postgres';
	private readonly owner = owner();

	constructor() {
		this.folder = mkdtempSync(join(tmpdir(), 'turnabout-pg-'));
		if (this.owner !== null) chownSync(this.folder, this.owner.uid, this.owner.gid);
		this.run('initdb', ['-D', join(this.folder, 'data'), '-U', this.user, '-A', 'trust', '-E', 'UTF8', '--no-sync']);
		const settings = `-c listen_addresses='' -c fsync=off -k ${this.folder}`;
		this.run('pg_ctl', [
			'-D',
			join(this.folder, 'data'),
			'-w',
			'-o',
			settings,
			'-l',
			join(this.folder, 'log'),
			'start',
		]);
	}

	/** Ends every connection and the server. */
	stop(): void {
		try {
			this.run('pg_ctl', ['-D', join(this.folder, 'data'), '-w', '-m', 'immediate', 'stop']);
		} finally {
			rmSync(this.folder, { recursive: true, force: true });
		}
	}

	private run(program: string, args: readonly string[]): void {
		execFileSync(join(bin, program), args, { cwd: this.folder, stdio: 'ignore', timeout: 60_000, ...this.owner });
	}
}
