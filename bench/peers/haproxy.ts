/** HAProxy with one thread and buffers of 64 KiB, upstream connections shared by all clients. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { program } from '../machine.ts';
import type { Command, Place, Target } from '../target.ts';

/** It wants two descriptors for every connection it may have, and without `no strict-limits` it refuses to start on fewer. */
function configuration(port: number, behind: string): string {
	return `global
	nbthread 1
	maxconn 12000
	no strict-limits
	tune.bufsize 65536
defaults
	mode http
	timeout connect 5s
	timeout client 300s
	timeout server 300s
	timeout http-keep-alive 300s
	http-reuse always
frontend front
	bind 127.0.0.1:${port} backlog 4096
${behind}
`;
}

function haproxy(name: string, behind: (origin: string | null) => string): Target {
	return {
		name,
		missing: (): string | null => (program('haproxy') === null ? 'HAProxy is not installed' : null),
		prepare: ({ folder, port, origin }: Place): Command => {
			const file = join(folder, 'haproxy.cfg');
			writeFileSync(file, configuration(port, behind(origin)));
			return { file: program('haproxy') ?? 'haproxy', args: ['-db', '-f', file] };
		},
	};
}

/** Answers by itself. */
export const haproxyHello: Target = haproxy(
	'HAProxy',
	() => `	http-request return status 200 content-type text/plain string 'Hello, world!'`,
);

/** Asks the origin. It adds no forwarding fields. */
export const haproxyProxy: Target = haproxy(
	'HAProxy',
	(origin) => `	default_backend back
backend back
	server origin ${origin}`,
);

/** The same, but the kernel moves bodies from socket to socket without HAProxy reading them. */
export const haproxySplice: Target = haproxy(
	'HAProxy, splicing',
	(origin) => `	option splice-response
	default_backend back
backend back
	option splice-response
	server origin ${origin}`,
);
