/** Our own command line under test, as a user would run it. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { nodeCommand } from '../node-command.ts';
import { CHILDREN, phpMissing, rootBeside } from '../php.ts';
import type { Command, Place, Target } from '../target.ts';
import { opensslMissing, pairFor } from '../tls.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const command = join(root, 'bin', 'turnabout');

function missing(): string | null {
	if (!existsSync(command)) return 'bin/turnabout is not there';
	return existsSync(join(root, 'dist', 'index.js')) ? null : 'not built yet: npm run build';
}

/** `turnabout serve` with a module of this folder; `log` writes an access log to a file. */
export function turnaboutServe(name: string, module: string, log: 'off' | 'json' = 'off'): Target {
	const path = fileURLToPath(new URL(module, import.meta.url));
	return {
		name,
		ours: true,
		missing,
		prepare: (place: Place): Command => {
			const args = ['serve', path, '--listen', `127.0.0.1:${place.port}`];
			if (log === 'off') return nodeCommand(place, command, args);
			const file = join(place.folder, 'access.log');
			return {
				...nodeCommand(place, command, [...args, '--access-log', file, '--access-log-format', log]),
				log: file,
			};
		},
	};
}

/** The same under TLS. */
export function turnaboutSecure(name: string, module: string): Target {
	const path = fileURLToPath(new URL(module, import.meta.url));
	return {
		name,
		ours: true,
		missing: () => missing() ?? opensslMissing(),
		prepare: (place: Place): Command => {
			const { cert, key } = pairFor(place.folder);
			const listen = ['--listen', `127.0.0.1:${place.port}`, '--tls-cert', cert, '--tls-key', key];
			return nodeCommand(place, command, ['serve', path, ...listen]);
		},
	};
}

/** `turnabout reverse` in front of the origin, with or without an access log. */
export function turnaboutReverse(log: 'off' | 'file'): Target {
	return {
		name: 'turnabout',
		ours: true,
		missing,
		prepare: (place: Place): Command => {
			const file = log === 'off' ? 'off' : join(place.folder, 'access.log');
			const listen = `127.0.0.1:${place.port}`;
			const args = ['reverse', '--to', `http://${place.origin}`, '--listen', listen, '--access-log', file];
			const run = nodeCommand(place, command, args);
			return log === 'off' ? run : { ...run, log: file };
		},
	};
}

/** The same with a cache in memory. */
export const turnaboutCache: Target = {
	name: 'turnabout',
	ours: true,
	missing,
	prepare: (place: Place): Command => {
		const listen = `127.0.0.1:${place.port}`;
		const args = ['reverse', '--to', `http://${place.origin}`, '--cache', '--listen', listen, '--access-log', 'off'];
		return nodeCommand(place, command, args);
	},
};

/** The same in front of the origin by two of its addresses, as if they were two upstreams, balanced in this way. */
export function turnaboutBalanced(name: string, balance: string): Target {
	return {
		name,
		ours: true,
		missing,
		prepare: (place: Place): Command => {
			const port = place.origin?.split(':').at(-1) ?? '';
			const to = ['127.0.0.1', '127.0.0.2'].flatMap((address) => ['--to', `http://${address}:${port}`]);
			const args = [
				'reverse',
				...to,
				'--balance',
				balance,
				'--listen',
				`127.0.0.1:${place.port}`,
				'--access-log',
				'off',
			];
			return nodeCommand(place, command, args);
		},
	};
}

/** `turnabout forward`, open to the origin, which is neither on a public address nor on a port of the web. */
export function turnaboutForward(name: string): Target {
	return {
		name,
		ours: true,
		missing,
		prepare: (place: Place): Command => {
			const reach = ['--ports', 'all', '--allow-private', 'loopback'];
			const args = ['forward', '--listen', `127.0.0.1:${place.port}`, ...reach, '--access-log', 'off'];
			return nodeCommand(place, command, args);
		},
	};
}

/** `turnabout serve` in front of php-fpm. Where that is absent, it is nobody's failure. */
export function turnaboutPhp(name: string): Target {
	const serve = turnaboutServe(name, 'php.ts');
	return {
		...serve,
		ours: phpMissing() === null,
		prepare: (place: Place): Command => {
			const socket = place.origin ?? '';
			const environment = { SOCKET: socket, ROOT: rootBeside(socket), CONNECTIONS: String(CHILDREN) };
			return { ...serve.prepare(place), environment };
		},
	};
}
