/** What stands behind the fronts of PHP: one php-fpm with one page, pinned to the load's core and in no front's account. */
import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { files } from './origin.ts';
import type { Processes, Running } from './processes.ts';
import { waitUntil } from './processes.ts';

const FOLDERS = ['/usr/sbin', '/usr/local/sbin', '/usr/bin', '/usr/local/bin'];

/** Children: one for each connection of the load, so that all connections to php-fpm can be kept and none waits for a child. */
export const CHILDREN = 64;

/** What the page answers. */
export const page: Buffer = files['/1k'] ?? Buffer.alloc(0);

export interface PhpFpm {
	/** The path of its socket. */
	readonly socket: string;
	readonly running: Running;
}

/** The folder of the script `page.php`, for who has been told the socket. */
export const rootBeside = (socket: string): string => join(dirname(socket), 'www');

function phpFpm(): string | null {
	const programs = FOLDERS.filter((folder) => existsSync(folder)).flatMap((folder) =>
		readdirSync(folder).map((name) => join(folder, name)),
	);
	return programs.find((path) => /\/php-fpm(?:\d(?:\.\d+)?)?$/.test(path)) ?? null;
}

/** Why there is no PHP here, or null. */
export function phpMissing(): string | null {
	return phpFpm() === null ? 'php-fpm is not installed' : null;
}

export async function startPhp(processes: Processes, parent: string, core: number | null): Promise<PhpFpm> {
	const folder = join(parent, 'php');
	const socket = join(folder, 'fpm.sock');
	mkdirSync(rootBeside(socket), { recursive: true });
	const script = "<?php header('Content-Type: text/plain'); ?>";
	writeFileSync(join(rootBeside(socket), 'page.php'), Buffer.concat([Buffer.from(script), page]));
	const config = [
		...['[global]', 'daemonize = no', `error_log = ${folder}/fpm.log`, '[www]'],
		...[`listen = ${socket}`, 'listen.mode = 0600', 'listen.backlog = 1024'],
		...['pm = static', `pm.max_children = ${CHILDREN}`],
		// A program started by root asks for a user, and is told that root will do.
		...(process.getuid?.() === 0 ? ['user = root', 'group = root'] : []),
	];
	writeFileSync(join(folder, 'fpm.conf'), `${config.join('\n')}\n`);
	const command = { file: phpFpm() ?? 'php-fpm', args: ['-F', '-R', '-y', join(folder, 'fpm.conf')] };
	const running = processes.start(command, core);
	await waitUntil(running, `there is a socket of php-fpm`, async () => existsSync(socket));
	return { socket, running };
}
