/** HAProxy with one thread and buffers of 64 KiB, upstream connections shared by all clients. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { program } from '../machine.ts';
import type { Command, Place, Target } from '../target.ts';

type Mode = 'http' | 'tcp';

/** It wants two descriptors for every connection it may have, and without `no strict-limits` it refuses to start on fewer. */
function configuration(port: number, mode: Mode, behind: string): string {
	return `global
	nbthread 1
	maxconn 12000
	no strict-limits
	tune.bufsize 65536
defaults
	mode ${mode}
	timeout connect 5s
	timeout client 300s
	timeout server 300s
${mode === 'http' ? '	timeout http-keep-alive 300s\n	http-reuse always' : ''}
frontend front
	bind 127.0.0.1:${port} backlog 4096
${behind}
`;
}

function haproxy(name: string, behind: (origin: string | null) => string, mode: Mode = 'http'): Target {
	return {
		name,
		...(mode === 'tcp' && { relays: true }),
		missing: (): string | null => (program('haproxy') === null ? 'HAProxy is not installed' : null),
		prepare: ({ folder, port, origin }: Place): Command => {
			const file = join(folder, 'haproxy.cfg');
			writeFileSync(file, configuration(port, mode, behind(origin)));
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

/** Connections as they are, to the origin and nowhere else: the floor of what a tunnel costs without the kernel's help. */
export const haproxyTcp: Target = haproxy(
	'HAProxy',
	(origin) => `	default_backend back
backend back
	server origin ${origin}`,
	'tcp',
);

/** The same, but the kernel moves the bytes from socket to socket without HAProxy reading them. */
export const haproxyTcpSplice: Target = haproxy(
	'HAProxy, splicing',
	(origin) => `	option splice-auto
	default_backend back
backend back
	option splice-auto
	server origin ${origin}`,
	'tcp',
);

/** Keeps small answers in shared memory. */
export const haproxyCache: Target = haproxy(
	'HAProxy',
	(origin) => `	default_backend back
cache kept
	total-max-size 64
	max-object-size 1000000
	max-age 86400
backend back
	http-request cache-use kept
	http-response cache-store kept
	server origin ${origin}`,
);
