/** The server behind the proxies: nginx with two generated files, pinned to the load's core. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { nginxCommand, nginxMissing } from './peers/nginx.ts';
import { freePort, type Processes, type Running, waitForPort } from './processes.ts';

export interface Origin {
	/** `127.0.0.1:port`. */
	readonly authority: string;
	readonly running: Running;
}

/** Where it listens beside that, on the same port: whoever connects anew for each request needs more than one. */
export const originAddresses: readonly string[] = Array.from({ length: 10 }, (_, at) => `127.0.0.${2 + at}`);

/** Paths of the files and their bytes. Every 16 bytes differ, so that a piece in the wrong place is seen. */
export const files: Readonly<Record<string, Buffer>> = {
	'/1k': content(1024),
	'/1m': content(1024 * 1024),
	// These may be kept by caches.
	'/kept/1k': content(1024),
	'/kept/100k': content(100 * 1024),
	// This may not.
	'/passed/1k': content(1024),
};

function content(length: number): Buffer {
	const lines: string[] = [];
	for (let at = 0; at < length; at += 16) lines.push(`${String(at).padStart(15, '.')}\n`);
	return Buffer.from(lines.join(''), 'latin1').subarray(0, length);
}

/** Why there is no origin here, or null. */
export function originMissing(): string | null {
	return nginxMissing();
}

export async function startOrigin(processes: Processes, parent: string, core: number | null): Promise<Origin> {
	const folder = join(parent, 'origin');
	const root = join(folder, 'files');
	for (const part of ['kept', 'passed']) mkdirSync(join(root, part), { recursive: true });
	for (const [path, bytes] of Object.entries(files)) writeFileSync(join(root, path), bytes);
	const port = await freePort();
	const listens = originAddresses.map((address) => `listen ${address}:${port} backlog=4096;`).join(' ');
	const server = `
		${listens}
		root ${root};
		sendfile on;
		tcp_nopush on;
		open_file_cache max=16 inactive=1h;
		open_file_cache_valid 1h;
		default_type application/octet-stream;
		location /kept/ { add_header Cache-Control max-age=86400; }
		location /passed/ { add_header Cache-Control no-store; }`;
	const running = processes.start(nginxCommand(folder, port, '', server), core);
	await waitForPort(port, running);
	return { authority: `127.0.0.1:${port}`, running };
}
