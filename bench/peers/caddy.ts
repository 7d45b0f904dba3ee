/** Caddy as reverse proxy on plain HTTP, without its admin endpoint. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { program } from '../machine.ts';
import type { Command, Place, Target } from '../target.ts';

export const caddyProxy: Target = {
	name: 'Caddy',
	missing: (): string | null => (program('caddy') === null ? 'Caddy is not installed' : null),
	prepare: ({ folder, port, origin }: Place): Command => {
		const file = join(folder, 'Caddyfile');
		writeFileSync(
			file,
			`{
	admin off
	auto_https off
}
http://127.0.0.1:${port} {
	bind 127.0.0.1
	reverse_proxy ${origin} {
		transport http {
			keepalive_idle_conns_per_host 128
		}
	}
}
`,
		);
		return {
			file: program('caddy') ?? 'caddy',
			args: ['run', '--adapter', 'caddyfile', '--config', file],
			environment: { GOMAXPROCS: '1', HOME: folder, XDG_CONFIG_HOME: folder, XDG_DATA_HOME: folder },
		};
	},
};
