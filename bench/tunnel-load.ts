/** Runs clients of tunnels, which wrk cannot be: a child on the load's core, since only what is under test is counted. */
import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { Load } from './load.ts';
import { pinned } from './processes.ts';

const execute = promisify(execFile);
const clients = fileURLToPath(new URL('tunnel-clients.ts', import.meta.url));

export interface TunnelQuestion {
	/** Of the proxy, on 127.0.0.1. */
	readonly port: number;
	/** Where the tunnels lead to; null through a relay that knows by itself. */
	readonly authority: string | null;
	readonly path: string;
	/** A tunnel for each exchange, or exchanges on tunnels that are kept. */
	readonly how: 'each' | 'kept';
}

/** Every one of `connections` makes one exchange at least. Rejects with the clients' own words. */
export async function runTunnels(
	{ port, authority, path, how }: TunnelQuestion,
	connections: number,
	seconds: number,
	core: number | null,
): Promise<Load> {
	const args = [clients, String(port), authority ?? '-', path, String(connections), String(seconds), how];
	const { file, args: words } = pinned({ file: process.execPath, args }, core);
	try {
		const { stdout } = await execute(file, words, { timeout: (seconds + 30) * 1000, killSignal: 'SIGKILL' });
		return JSON.parse(stdout) as Load;
	} catch (error) {
		const { stderr = '', message } = error as Error & { stderr?: string };
		throw new Error(`the clients of tunnels said: ${stderr.trim() || message}`, { cause: error });
	}
}
