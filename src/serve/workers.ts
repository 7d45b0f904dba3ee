/**
 * Several processes on one port. Each worker is this same command, started again, listening for itself with SO_REUSEPORT:
 * the system spreads connections among them, and no byte passes through the parent. The parent settles the port, keeps
 * the number of workers, and passes on the order to stop. What a worker does is in worker.ts.
 */
import { type ChildProcess, fork } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { createServer } from 'node:net';
import type { Place } from './address.ts';
import { type Snapshot, together } from './admin/index.ts';
import type { Stoppable } from './life-cycle.ts';
import { type Listening, listenFailure } from './listen.ts';
import { StartError } from './start-error.ts';
import { ASSIGNMENT, type Assignment, isOurs, type Report } from './worker-messages.ts';

/** Milliseconds before a lost worker is replaced; doubled for each that lived no longer than LONG_ENOUGH. */
const FIRST_PAUSE = 100;
const LONGEST_PAUSE = 10_000;
const LONG_ENOUGH = 10_000;

/** Milliseconds between the end of the drain and the end of patience. */
const GRACE = 2000;

interface Ready {
	readonly urls: readonly string[];
	readonly places: readonly Place[];
}

/** Starts `count` workers. Rejects with StartError when the first attempt of any fails. */
export async function startWorkers(
	count: number,
	listenings: readonly Listening[],
	say: (line: string) => void,
): Promise<Stoppable & { reload(): Promise<void>; snapshot(): Promise<Snapshot> }> {
	for (const { place } of listenings) await probe(place);
	const workers = new Workers(say);
	await workers.start(count);
	return workers;
}

/** Milliseconds that a worker has for serving something new. */
const RELOAD = 30_000;
/** The same for saying how it is doing. */
const STATISTICS = 2_000;

class Workers implements Stoppable {
	urls: readonly string[] = [];
	private places: readonly Place[] | null = null;
	private stopping = false;
	private readonly say: (line: string) => void;
	private readonly ticketSecret: string = randomBytes(32).toString('hex');
	private readonly alive = new Set<ChildProcess>();
	private readonly pauses = new Set<NodeJS.Timeout>();
	private stopped: Promise<void> | null = null;

	constructor(say: (line: string) => void) {
		this.say = say;
		process.once('exit', () => this.kill());
	}

	/** The first worker takes the ports, also those written as 0; the others share them. */
	async start(count: number): Promise<void> {
		try {
			const { urls, places } = await this.launch(1, FIRST_PAUSE);
			this.urls = urls;
			this.places = places;
			await Promise.all(Array.from({ length: count - 1 }, (_, index) => this.launch(index + 2, FIRST_PAUSE)));
		} catch (error) {
			this.stopping = true;
			this.kill();
			throw error;
		}
	}

	stop(drain: number): Promise<void> {
		this.stopped ??= this.drain(drain);
		return this.stopped;
	}

	close(): Promise<void> {
		this.halt();
		this.kill();
		return this.gone();
	}

	reopen(): void {
		for (const child of this.alive) child.send({ turnabout: 'reopen' }, () => {});
	}

	/** One after the other, so that a mistake reaches none but the first. Rejects with what that one has against it. */
	async reload(): Promise<void> {
		for (const child of [...this.alive]) await this.reloadOne(child);
	}

	private async reloadOne(child: ChildProcess): Promise<void> {
		const report = await this.told(child, 'reload', 'reloaded', RELOAD);
		// Where it has gone, its successor reads what is new by itself.
		if (report !== null && report.fault !== null) throw new StartError(report.fault);
	}

	/** How all of them are doing; one that does not say so at once is left out. */
	async snapshot(): Promise<Snapshot> {
		const asked = [...this.alive].map((child) =>
			this.told(child, 'statistics', 'statistics', STATISTICS).catch(() => null),
		);
		const reports = await Promise.all(asked);
		return together(reports.flatMap((report) => (report === null ? [] : [report.snapshot])));
	}

	/** What a worker answers to an order; null when it has gone. Rejects when it takes too long. */
	private told<Kind extends Report['turnabout']>(
		child: ChildProcess,
		order: 'reload' | 'statistics',
		kind: Kind,
		patience: number,
	): Promise<Extract<Report, { readonly turnabout: Kind }> | null> {
		return new Promise((resolve, reject) => {
			const settle = (report: Extract<Report, { readonly turnabout: Kind }> | null): void => {
				clearTimeout(timer);
				child.off('message', heard);
				child.off('exit', gone);
				resolve(report);
			};
			const heard = (message: unknown): void => {
				if (isOurs(message) && message.turnabout === kind)
					settle(message as Extract<Report, { readonly turnabout: Kind }>);
			};
			const gone = (): void => settle(null);
			const timer = setTimeout(() => {
				reject(new StartError(`process ${child.pid} has not answered within ${patience / 1000} s`));
				settle(null);
			}, patience);
			child.on('message', heard);
			child.once('exit', gone);
			child.send({ turnabout: order }, () => {});
		});
	}

	private async drain(milliseconds: number): Promise<void> {
		this.halt();
		for (const child of this.alive) child.send({ turnabout: 'drain', milliseconds }, () => {});
		const patience = setTimeout(() => this.kill(), milliseconds + GRACE);
		await this.gone();
		clearTimeout(patience);
	}

	private halt(): void {
		this.stopping = true;
		for (const pause of this.pauses) clearTimeout(pause);
		this.pauses.clear();
	}

	private kill(): void {
		for (const child of this.alive) child.kill('SIGKILL');
	}

	private async gone(): Promise<void> {
		await Promise.all([...this.alive].map((child) => new Promise((resolve) => child.once('exit', resolve))));
	}

	/** Starts a worker, and its successors when it is lost later; settles with the first report. */
	private launch(worker: number, pause: number): Promise<Ready> {
		const script = process.argv[1];
		if (script === undefined) throw new StartError('workers need a script to start again');
		const assignment: Assignment = { worker, places: this.places, ticketSecret: this.ticketSecret };
		const env = { ...process.env, [ASSIGNMENT]: JSON.stringify(assignment) };
		const child = fork(script, process.argv.slice(2), { env });
		const started = performance.now();
		this.alive.add(child);
		return new Promise((resolve, reject) => {
			let ready = false;
			let failure: StartError | null = null;
			child.on('message', (message) => {
				if (!isOurs(message)) return;
				if (message.turnabout === 'failed') failure = new StartError(message.message, message.hint);
				if (message.turnabout !== 'ready') return;
				ready = true;
				resolve(message);
			});
			child.on('error', (error) => this.say(`worker ${worker}: ${error.message}`));
			// Reports may still be on their way when the process has gone: the channel's end comes after them.
			const over = (how: string): void => {
				const lived = performance.now() - started;
				const why = ready
					? `worker ${worker} (process ${child.pid}) ended, ${how}`
					: `worker ${worker} ended before it listened, ${how}`;
				if (!ready) reject(failure ?? new StartError(why));
				else if (!this.stopping) this.replace(worker, why, lived < LONG_ENOUGH ? pause : FIRST_PAUSE);
			};
			child.once('exit', (status, signal) => {
				this.alive.delete(child);
				const how = signal ?? `status ${status}`;
				if (child.connected) child.once('disconnect', () => over(how));
				else over(how);
			});
		});
	}

	private replace(worker: number, why: string, pause: number): void {
		this.say(`${why}; starting another in ${pause} ms`);
		const next = Math.min(pause * 2, LONGEST_PAUSE);
		const timer = setTimeout(() => {
			this.pauses.delete(timer);
			this.launch(worker, next).catch((error: Error) => {
				if (!this.stopping) this.replace(worker, error.message, next);
			});
		}, pause);
		this.pauses.add(timer);
	}
}

/**
 * Rejects with StartError when someone listens there already. With SO_REUSEPORT alone a second Turnabout of the same user
 * would silently take half of the connections.
 */
function probe(place: Place): Promise<void> {
	if (place.kind !== 'ip' || place.port === 0) return Promise.resolve();
	return new Promise((resolve, reject) => {
		const server = createServer();
		server.once('error', (error) => reject(listenFailure(place, error)));
		server.listen({ port: place.port, ...(place.host !== null && { host: place.host }) }, () =>
			server.close(() => resolve()),
		);
	});
}
