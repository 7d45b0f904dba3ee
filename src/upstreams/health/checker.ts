/** Looks after one upstream, again and again: whether it is well, in a row of answers. */
import { question, reach, type Upstream, type UpstreamOptions, upstream } from '../../client/index.ts';
import { FieldList } from '../../fields/index.ts';
import { Timer, type TimerOwner, wheel } from '../../transport/index.ts';
import { grpcFault, grpcQuestion } from './grpc-health.ts';
import type { HealthSettings } from './options.ts';

/** Who is told what was found, each time. */
export interface HealthReceiver {
	/** `well`: the state after this look; `verdict`: what was found, for people. */
	judged(well: boolean, verdict: string): void;
}

/** A part of the interval, by which one look is earlier or later than another: many checkers do not all come at once. */
const JITTER = 0.1;
/** Bytes of an answer that are read, so that the connection can be used again. */
const MOST = 65_536;

export class HealthChecker implements TimerOwner {
	private readonly url: string;
	private readonly settings: HealthSettings;
	private readonly options: UpstreamOptions;
	private readonly receiver: HealthReceiver;
	private readonly timer: Timer = new Timer(this);
	private readonly asked: Upstream | null;
	private well = true;
	private first = true;
	/** Answers in a row that speak against `well`. */
	private against = 0;
	private stopped = false;

	/** `options` are those of connections: http, tls, guard, resolve, parent. */
	constructor(url: string, settings: HealthSettings, options: UpstreamOptions, receiver: HealthReceiver) {
		this.url = url;
		this.settings = settings;
		this.receiver = receiver;
		const { timeout } = settings;
		const timeouts = { connect: timeout, firstByte: timeout, idle: timeout, total: timeout };
		// gRPC is HTTP/2, whatever requests of clients are asked in.
		const http = settings.path.startsWith('grpc') && options.http !== 'negotiate' ? ('2' as const) : options.http;
		this.options = { ...options, ...(http !== undefined && { http }), timeouts, pool: { connections: 1, idle: 1 } };
		this.asked = settings.path === 'tcp' ? null : upstream(originOf(url), this.options);
	}

	start(): void {
		void this.look();
	}

	stop(): void {
		this.stopped = true;
		wheel.remove(this.timer);
		void this.asked?.close();
	}

	timedOut(): void {
		void this.look();
	}

	private async look(): Promise<void> {
		const fault = await this.fault();
		if (this.stopped) return;
		this.judge(fault === null, fault ?? 'well');
		const { interval } = this.settings;
		wheel.set(this.timer, interval * (1 + JITTER * (2 * Math.random() - 1)));
	}

	private judge(good: boolean, verdict: string): void {
		const { up, down } = this.settings;
		this.against = good === this.well ? 0 : this.against + 1;
		const enough = this.first ? 1 : good ? up : down;
		this.first = false;
		if (this.against >= enough) {
			this.well = good;
			this.against = 0;
		}
		this.receiver.judged(this.well, verdict);
	}

	/** What is wrong with it; null when it is well. */
	private async fault(): Promise<string | null> {
		const { path, host, statuses, timeout } = this.settings;
		try {
			if (this.asked === null) {
				await reach(this.url, timeout, this.options);
				return null;
			}
			if (path.startsWith('grpc'))
				return grpcFault(await question(this.asked, grpcQuestion(path.slice(5), host), { mostBytes: MOST }));
			const fields = FieldList.of({ ...(host === null ? {} : { Host: host }), 'User-Agent': 'turnabout-health' });
			const { status } = await question(this.asked, { target: path, fields }, { mostBytes: MOST });
			const fits = statuses === null ? status >= 200 && status < 400 : statuses.has(status);
			return fits ? null : `status ${status}`;
		} catch (error) {
			return (error as Error).message;
		}
	}
}

/** Without the path, which is for requests of clients. */
function originOf(url: string): string {
	if (url.startsWith('unix:')) return url;
	const { protocol, host } = new URL(url);
	return `${protocol}//${host}`;
}
