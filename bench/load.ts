/** Runs wrk and reads what it printed. */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { pinned } from './processes.ts';

const execute = promisify(execFile);

/** What one run of wrk saw. Times in milliseconds. */
export interface Load {
	readonly requests: number;
	readonly bytes: number;
	readonly p50: number;
	readonly p99: number;
	/** Answers with a status above 399. */
	readonly refused: number;
	/** Connections that failed, reads and writes that failed, and answers that took too long. */
	readonly socketErrors: number;
}

/** Microseconds. */
const TIMES: Readonly<Record<string, number>> = { us: 1, ms: 1e3, s: 1e6, m: 6e7, h: 3.6e9 };
const SIZES: Readonly<Record<string, number>> = { B: 1, KB: 2 ** 10, MB: 2 ** 20, GB: 2 ** 30, TB: 2 ** 40 };

/** Reads the output of `wrk --latency`; throws where it is not that. */
export function parseWrk(text: string): Load {
	const total = /(\d+) requests in [\d.]+\w+, ([\d.]+)([KMGT]?B) read/.exec(text);
	if (total === null) throw new Error(`wrk said: ${text.trim() || 'nothing'}`);
	const errors = /Socket errors: connect (\d+), read (\d+), write (\d+), timeout (\d+)/.exec(text);
	return {
		requests: Number(total[1]),
		bytes: Number(total[2]) * (SIZES[total[3] ?? 'B'] ?? 1),
		p50: percentile(text, 50),
		p99: percentile(text, 99),
		refused: Number(/Non-2xx or 3xx responses: (\d+)/.exec(text)?.[1] ?? 0),
		socketErrors: (errors ?? []).slice(1).reduce((sum, count) => sum + Number(count), 0),
	};
}

function percentile(text: string, percent: number): number {
	const found = new RegExp(`^\\s+${percent}%\\s+([\\d.]+)(us|ms|s|m|h) *$`, 'm').exec(text);
	if (found === null) throw new Error(`wrk printed no ${percent}% latency`);
	return (Number(found[1]) * (TIMES[found[2] ?? 'us'] ?? 1)) / 1000;
}

/** Why a load is no figure, or null. `length` is what each answer's body must have. */
export function faultOf(load: Load, length: number): string | null {
	if (load.requests === 0) return 'no answer at all';
	if (load.socketErrors > 0) return `${load.socketErrors} socket errors`;
	if (load.refused > 0) return `${load.refused} answers above 399`;
	// wrk rounds the sum to three digits or so.
	if (load.bytes < load.requests * length * 0.98) return 'bodies cut short';
	return null;
}

/** One thread, `connections` kept alive, for so many seconds. `more` are others of wrk's own arguments. */
export async function runLoad(
	url: string,
	connections: number,
	seconds: number,
	core: number | null,
	more: readonly string[] = [],
): Promise<Load> {
	const args = ['-t1', `-c${connections}`, `-d${seconds}s`, '--timeout', '10s', '--latency', ...more, url];
	const { file, args: words } = pinned({ file: 'wrk', args }, core);
	const { stdout } = await execute(file, words, { timeout: (seconds + 30) * 1000, killSignal: 'SIGKILL' });
	return parseWrk(stdout);
}

/** Reads the output of `h2load`; throws where it is not that. It tells no percentiles. */
export function parseH2load(text: string): Load {
	const counts =
		/requests: \d+ total, \d+ started, (\d+) done, (\d+) succeeded, (\d+) failed, (\d+) errored, (\d+) timeout/.exec(
			text,
		);
	const bytes = /traffic: .*\((\d+)\) data/.exec(text);
	const times = /time for request: +\S+ +\S+ +([\d.]+)(us|ms|s)/.exec(text);
	if (counts === null || bytes === null) throw new Error(`h2load said: ${text.trim() || 'nothing'}`);
	const [done = 0, succeeded = 0, , errored = 0, late = 0] = counts.slice(1).map(Number);
	const mean = (Number(times?.[1] ?? 0) * (TIMES[times?.[2] ?? 'us'] ?? 1)) / 1000;
	// Those under way when the time is over are called failed.
	const refused = Math.max(0, done - succeeded);
	return {
		requests: succeeded,
		bytes: Number(bytes[1]),
		p50: mean,
		p99: mean,
		refused,
		socketErrors: errored + late,
	};
}

/** HTTP/2: four connections with 64 streams each. */
export async function runStreams(url: string, seconds: number, core: number | null): Promise<Load> {
	const args = ['-t1', '-c4', '-m64', `-D${seconds}`, url];
	const { file, args: words } = pinned({ file: 'h2load', args }, core);
	const { stdout } = await execute(file, words, { timeout: (seconds + 30) * 1000, killSignal: 'SIGKILL' });
	return parseH2load(stdout);
}
