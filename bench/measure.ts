/** One measurement: a fresh start of one target, its answer checked, a warm-up, a load, and what it cost. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { get } from 'node:http';
import { get as getSecure } from 'node:https';
import { join } from 'node:path';
import { cpuBetween, cpuTime, memory } from './cpu.ts';
import { measureIdle } from './idle.ts';
import { faultOf, type Load, runLoad, runStreams } from './load.ts';
import { freePort, waitForPort } from './processes.ts';
import type { Bench, Run, Subject } from './run.ts';
import type { Work } from './suites.ts';
import type { Place, Target } from './target.ts';
import { runTunnels } from './tunnel-load.ts';

let starts = 0;

/** Measures one target once. Whatever goes wrong is the run's fault, never an exception. */
export async function measure(bench: Bench, work: Work, target: Target): Promise<Run> {
	let subject: Subject | null = null;
	let run: Run;
	try {
		subject = await startSubject(bench, work, target);
		run = await (work.unit === 'KiB per idle connection' ? measureIdle : measureLoad)(bench, work, subject);
	} catch (error) {
		run = failed(error instanceof Error ? error.message : String(error));
	}
	await subject?.running.stop();
	const lines = subject?.command.log === undefined ? null : countLines(subject.command.log);
	if (run.fault === null && lines !== null && lines < run.requests) {
		return failed(`${run.requests} requests, but ${lines} lines in the log`);
	}
	return run;
}

function failed(fault: string): Run {
	return { fault, figure: null, requests: 0, p50: null, p99: null, peak: null };
}

async function startSubject(bench: Bench, work: Work, target: Target): Promise<Subject> {
	const folder = join(bench.folder, `target-${++starts}`);
	mkdirSync(folder);
	const port = await freePort();
	const collecting = work.unit === 'KiB per idle connection';
	const origin = work.behind === null ? null : bench.origins[work.behind];
	const command = target.prepare({ port, folder, origin, collecting });
	const running = bench.processes.start(command, bench.cores?.test ?? null);
	const url = `http${work.secure === undefined ? '' : 's'}://127.0.0.1:${port}${work.path}`;
	const load = loadOf(bench, work, target, { port, folder, origin });
	try {
		await waitForPort(port, running);
		if (work.through === 'each' || work.through === 'kept') await load(0);
		else if (work.secure === 'streams') await load(1);
		else if (work.secure !== undefined) await checkAnswer(getSecure, port, work.path, work.body);
		else
			await checkAnswer(get, port, work.through === undefined ? work.path : `http://${origin}${work.path}`, work.body);
	} catch (error) {
		await running.stop();
		throw error;
	}
	return { command, running, port, url, load };
}

/** How a target of this work is asked, for a number of seconds. */
function loadOf(
	bench: Bench,
	{ through, path, secure }: Work,
	{ relays }: Target,
	{ port, folder, origin }: Pick<Place, 'port' | 'folder' | 'origin'>,
): (seconds: number) => Promise<Load> {
	const core = bench.cores?.load ?? null;
	const { connections } = bench;
	if (through === 'each' || through === 'kept') {
		const question = { port, authority: relays === true ? null : origin, path, how: through };
		return (seconds) => runTunnels(question, connections, seconds, core);
	}
	const url = `http${secure === undefined ? '' : 's'}://127.0.0.1:${port}${path}`;
	if (secure === 'streams') return (seconds) => runStreams(url, seconds, core);
	if (secure === 'fresh') return (seconds) => runLoad(url, connections, seconds, core, ['-H', 'Connection: close']);
	if (through === undefined) return (seconds) => runLoad(url, connections, seconds, core);
	const script = join(folder, 'absolute-form.lua');
	writeFileSync(script, `wrk.path = 'http://${origin}${path}'\nwrk.headers['Host'] = '${origin}'\n`);
	return (seconds) => runLoad(url, connections, seconds, core, ['--script', script]);
}

async function measureLoad(bench: Bench, work: Work, subject: Subject): Promise<Run> {
	const { running } = subject;
	const warm = await subject.load(bench.warm);
	const before = cpuTime(running.pid);
	const load = await subject.load(bench.seconds);
	const cpu = cpuBetween(before, cpuTime(running.pid));
	if (running.ended) return failed(`it ended under load: ${running.complaint()}`);
	const fault = faultOf(load, work.body.length);
	if (fault !== null) return failed(fault);
	const perRequest = cpu / load.requests;
	const megabytes = work.body.length / 2 ** 20;
	return {
		fault: null,
		figure: work.unit === 'MiB per CPU second' ? (megabytes * 1e6) / perRequest : perRequest,
		requests: warm.requests + load.requests,
		p50: load.p50,
		p99: load.p99,
		peak: memory(running.pid).peak,
	};
}

/** Throws unless the answer is 200 with exactly that body. */
function checkAnswer(ask: typeof getSecure, port: number, path: string, body: Buffer): Promise<void> {
	return new Promise((resolve, reject) => {
		const how = { host: '127.0.0.1', port, path, agent: false as const, timeout: 5000, rejectUnauthorized: false };
		const request = ask(how, (response) => {
			const chunks: Buffer[] = [];
			response.on('data', (chunk: Buffer) => chunks.push(chunk));
			response.on('error', reject);
			response.on('end', () => {
				const got = Buffer.concat(chunks);
				if (response.statusCode === 200 && got.equals(body)) resolve();
				else reject(new Error(`the answer was ${response.statusCode} with ${got.length} bytes, not the expected body`));
			});
		});
		request.on('timeout', () => request.destroy(new Error('no answer after 5 s')));
		request.on('error', reject);
	});
}

function countLines(path: string): number {
	let lines = 0;
	const bytes = readFileSync(path);
	for (let at = bytes.indexOf(10); at !== -1; at = bytes.indexOf(10, at + 1)) lines++;
	return lines;
}
