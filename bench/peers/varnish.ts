/** Varnish with its cache in memory. It has a process that watches the one that serves; both are in its account. */
import { program } from '../machine.ts';
import type { Command, Place, Target } from '../target.ts';

export const varnish: Target = {
	name: 'Varnish',
	missing: (): string | null => (program('varnishd') === null ? 'Varnish is not installed' : null),
	prepare: ({ folder, port, origin }: Place): Command => ({
		file: program('varnishd') ?? 'varnishd',
		args: ['-F', '-n', folder, '-a', `127.0.0.1:${port}`, '-b', origin ?? '', '-s', 'malloc,256m', '-j', 'none'],
	}),
};
