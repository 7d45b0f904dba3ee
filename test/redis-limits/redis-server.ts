/** A Redis of the test's own: reached by a unix socket in a temporary folder, without files, gone after the test. */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { until } from '../support/until.ts';

/** Why there is no Redis here, or false: for the option of a test. */
export const skip: string | false =
	spawnSync('redis-server', ['--version'], { stdio: 'ignore' }).status === 0 ? false : 'redis-server is not installed';

export class RedisServer {
	private readonly folder = mkdtempSync(join(tmpdir(), 'turnabout-redis-'));
	readonly socket: string = join(this.folder, 'socket');
	private child: ChildProcess | null = null;

	async start(): Promise<void> {
		const args = ['--port', '0', '--unixsocket', this.socket, '--save', '', '--appendonly', 'no', '--dir', this.folder];
		this.child = spawn('redis-server', args, { stdio: 'ignore' });
		await until(() => existsSync(this.socket), 'the socket of Redis');
	}

	/** Stops it for a while, with its connections open: the worst way to fail. */
	freeze(): void {
		this.child?.kill('SIGSTOP');
	}

	thaw(): void {
		this.child?.kill('SIGCONT');
	}

	async stop(): Promise<void> {
		const { child } = this;
		this.child = null;
		if (child === null) return;
		child.kill('SIGKILL');
		await once(child, 'exit');
		rmSync(this.socket, { force: true });
	}

	async remove(): Promise<void> {
		await this.stop();
		rmSync(this.folder, { recursive: true, force: true });
	}
}
