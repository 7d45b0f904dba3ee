/** Squid with one process, nothing cached and nothing logged, upstream connections kept alive. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { program } from '../machine.ts';
import type { Command, Place, Target } from '../target.ts';

export const squid: Target = {
	name: 'Squid',
	missing: (): string | null => (program('squid') === null ? 'Squid is not installed' : null),
	prepare: ({ folder, port }: Place): Command => {
		const file = join(folder, 'squid.conf');
		// Started as root it becomes somebody else, who must be able to open its own log.
		writeFileSync(
			file,
			`http_port 127.0.0.1:${port}
http_access allow all
cache deny all
cache_mem 8 MB
access_log none
cache_store_log none
cache_log /dev/null
pid_filename none
coredump_dir ${folder}
pinger_enable off
netdb_filename none
max_filedescriptors 16384
client_db off
shutdown_lifetime 0 seconds
server_persistent_connections on
client_persistent_connections on
visible_hostname bench
`,
		);
		return { file: program('squid') ?? 'squid', args: ['-N', '-f', file] };
	},
};
