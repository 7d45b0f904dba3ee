/** A Redis of the test's own: in a temporary folder, reached by a unix socket in it, gone after the test. */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { until } from '../support/until.ts';

/** Why there is no Redis here, or false: for the option of a test. */
export const skip: string | false =
	spawnSync('redis-server', ['--version']).status === 0 ? false : 'redis-server is not installed';

export class RedisServer {
	readonly socket: string;
	private readonly folder: string;
	private readonly child: ChildProcess;

	constructor() {
		this.folder = mkdtempSync(join(tmpdir(), 'turnabout-redis-'));
		this.socket = join(this.folder, 'redis.sock');
		const args = ['--port', '0', '--unixsocket', this.socket, '--save', '', '--dir', this.folder];
		this.child = spawn('redis-server', args, { stdio: 'ignore' });
	}

	/** Resolves when it listens. */
	async ready(): Promise<void> {
		await until(() => existsSync(this.socket), 'Redis listens');
	}

	async stop(): Promise<void> {
		const ended = new Promise((resolve) => this.child.once('exit', resolve));
		this.child.kill();
		await ended;
		rmSync(this.folder, { recursive: true, force: true });
	}
}
