/** A php-fpm of one's own, with scripts in a temporary folder; it ends with the test. */
import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { until } from '../../support/until.ts';

const FOLDERS = ['/usr/sbin', '/usr/local/sbin', '/usr/bin', '/usr/local/bin'];

/** The program, or null where none is installed. */
export const phpFpm: string | null =
	FOLDERS.filter((folder) => existsSync(folder))
		.flatMap((folder) => readdirSync(folder).map((name) => join(folder, name)))
		.find((path) => /\/php-fpm(?:\d(?:\.\d+)?)?$/.test(path)) ?? null;

/** For `test`: why it is skipped, or false. */
export const withoutPhp: string | false = phpFpm === null ? 'php-fpm is not installed (Debian: php-fpm)' : false;

export interface Php {
	/** For `fastcgi`. */
	readonly address: string;
	readonly root: string;
	readonly process: ChildProcess;
}

export interface PhpOptions {
	/** Default: 4. */
	readonly children?: number;
	/** Lines for the pool's section. */
	readonly lines?: readonly string[];
	/** Default: a folder with `scripts`. */
	readonly root?: string;
}

/** A test, or whoever else ends what was started for it. */
export interface Ending {
	after(end: () => Promise<void>): unknown;
}

/** Starts it. `scripts`: files below the root by name. */
export async function php(
	t: Ending,
	scripts: Readonly<Record<string, string>>,
	options: PhpOptions = {},
): Promise<Php> {
	const { children = 4, lines = [] } = options;
	const folder = mkdtempSync(join(tmpdir(), 'turnabout-php-'));
	const root = options.root ?? join(folder, 'www');
	for (const [name, text] of Object.entries(scripts)) {
		mkdirSync(dirname(join(root, name)), { recursive: true });
		writeFileSync(join(root, name), text);
	}
	const socket = join(folder, 'fpm.sock');
	const log = join(folder, 'fpm.log');
	const config = [
		...['[global]', `error_log = ${log}`, 'daemonize = no', '[www]', `listen = ${socket}`, 'pm = static'],
		...[`pm.max_children = ${children}`, 'php_admin_flag[log_errors] = on', 'php_flag[display_errors] = off'],
		// A program started by root asks for a user, and is told that root will do.
		...(process.getuid?.() === 0 ? ['user = root', 'group = root'] : []),
		...lines,
	];
	writeFileSync(join(folder, 'fpm.conf'), `${config.join('\n')}\n`);
	const child = spawn(phpFpm as string, ['-F', '-R', '-y', join(folder, 'fpm.conf')], { stdio: 'ignore' });
	let over = false;
	child.on('error', () => (over = true));
	child.on('exit', () => (over = true));
	t.after(async () => {
		// Killed outright, it would leave its children behind.
		child.kill('SIGTERM');
		await until(() => over, 'the end of php-fpm', 15_000);
		rmSync(folder, { recursive: true, force: true });
	});
	await until(() => over || existsSync(socket), 'php-fpm at its socket', 15_000);
	if (over) throw new Error(`php-fpm did not start: ${existsSync(log) ? readFileSync(log, 'utf8') : 'no log'}`);
	return { address: `unix:${socket}`, root, process: child };
}
