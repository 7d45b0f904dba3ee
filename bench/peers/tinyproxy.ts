/** tinyproxy, which has a thread for every connection and keeps none alive. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { program } from '../machine.ts';
import type { Command, Place, Target } from '../target.ts';

export const tinyproxy: Target = {
	name: 'tinyproxy',
	missing: (): string | null => (program('tinyproxy') === null ? 'tinyproxy is not installed' : null),
	prepare: ({ folder, port }: Place): Command => {
		const file = join(folder, 'tinyproxy.conf');
		writeFileSync(
			file,
			`Port ${port}
Listen 127.0.0.1
Allow 127.0.0.0/8
MaxClients 1000
Timeout 300
LogFile "/dev/null"
LogLevel Critical
`,
		);
		return { file: program('tinyproxy') ?? 'tinyproxy', args: ['-d', '-c', file] };
	},
};
