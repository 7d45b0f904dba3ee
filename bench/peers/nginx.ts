/** nginx with one worker, tuned: buffers that hold a large answer, no temporary files, kept-alive upstreams. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { program } from '../machine.ts';
import type { Command, Place, Target } from '../target.ts';
import { opensslMissing, pairFor } from '../tls.ts';

export function nginxMissing(): string | null {
	return program('nginx') === null ? 'nginx is not installed' : null;
}

/** Writes a configuration with one server in it and says how to run nginx on it. `access` is the log's file, or `off`. */
export function nginxCommand(
	folder: string,
	port: number | string,
	http: string,
	server: string,
	access = 'off',
): Command {
	mkdirSync(join(folder, 'temporary'), { recursive: true });
	const file = join(folder, 'nginx.conf');
	const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi']
		.map((kind) => `${kind}_temp_path ${folder}/temporary/${kind};`)
		.join('\n\t');
	writeFileSync(
		file,
		`daemon off;
worker_processes 1;
worker_rlimit_nofile 20000;
pid ${folder}/nginx.pid;
error_log stderr warn;
${process.getuid?.() === 0 ? 'user root;' : ''}
events { worker_connections 16384; }
http {
	${temporary}
	access_log ${access};
	keepalive_requests 1000000000;
	keepalive_timeout 300s;
	${http}
	server {
		listen 127.0.0.1:${port} backlog=4096;${server}
	}
}
`,
	);
	const command = { file: program('nginx') ?? 'nginx', args: ['-e', 'stderr', '-p', folder, '-c', file] };
	return access === 'off' ? command : { ...command, log: access };
}

/** `return 200`, the floor of what an answer costs. */
export const nginxHello: Target = {
	name: 'nginx',
	missing: nginxMissing,
	prepare: ({ folder, port }: Place): Command =>
		nginxCommand(
			folder,
			port,
			'',
			`
		default_type text/plain;
		location / { return 200 'Hello, world!'; }`,
		),
};

/** The same with a kibibyte, under TLS. */
export const nginxSecure: Target = {
	name: 'nginx',
	missing: () => nginxMissing() ?? opensslMissing(),
	prepare: ({ folder, port }: Place): Command => {
		const { cert, key } = pairFor(folder);
		return nginxCommand(
			folder,
			`${port} ssl http2`,
			`ssl_certificate ${cert};
	ssl_certificate_key ${key};
	ssl_protocols TLSv1.2 TLSv1.3;`,
			`
		default_type text/plain;
		location / { return 200 '${'x'.repeat(1_024)}'; }`,
		);
	},
};

/** nginx as reverse proxy, with or without an access log. It adds no forwarding fields. */
export function nginxProxy(log: 'off' | 'file'): Target {
	return {
		name: 'nginx',
		missing: nginxMissing,
		prepare: ({ folder, port, origin }: Place): Command =>
			nginxCommand(
				folder,
				port,
				`upstream origin {
		server ${origin};
		keepalive 128;
		keepalive_requests 1000000000;
	}`,
				`
		location / {
			proxy_pass http://origin;
			proxy_http_version 1.1;
			proxy_set_header Connection "";
			proxy_buffer_size 16k;
			proxy_buffers 8 256k;
			proxy_busy_buffers_size 512k;
			proxy_max_temp_file_size 0;
		}`,
				log === 'off' ? 'off' : `${folder}/access.log`,
			),
	};
}

/** nginx with proxy_cache, whose files are in the system's page cache. */
export const nginxCache: Target = {
	name: 'nginx',
	missing: nginxMissing,
	prepare: ({ folder, port, origin }: Place): Command =>
		nginxCommand(
			folder,
			port,
			`proxy_cache_path ${folder}/cache keys_zone=kept:10m inactive=1d;
	sendfile on;
	tcp_nopush on;
	open_file_cache max=100 inactive=1h;
	upstream origin { server ${origin}; keepalive 128; }`,
			`
		location / {
			proxy_pass http://origin;
			proxy_http_version 1.1;
			proxy_set_header Connection "";
			proxy_cache kept;
		}`,
		),
};
