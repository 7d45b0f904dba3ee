/** Counts exchanges by method and class of status, and how long they took: to the end of the answer, tunnels included. */
import type { App, FinishedListener, Outcome } from '../convention/index.ts';
import type { AnyMeasure, Measured } from './measures.ts';

/** Seconds; what is asked for in dashboards. */
const BOUNDS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60];
/** Others count together: a client may send any. */
const METHODS: ReadonlySet<string> = new Set(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'CONNECT']);

interface Row {
	readonly counts: number[];
	sum: number;
}

export class RequestMeter implements Measured {
	private readonly rows: Map<string, Row> = new Map();
	private readonly cut: Map<string, number> = new Map();
	private sent = 0;
	private received = 0;

	wrap(next: App): App {
		return (request, context) => {
			context.onFinished(new Metered(this, request.method));
			return next(request, context, context);
		};
	}

	ended(method: string, outcome: Outcome, seconds: number): void {
		const known = METHODS.has(method) ? method : 'other';
		const key = `${known} ${Math.floor(outcome.status / 100)}xx`;
		let row = this.rows.get(key);
		if (row === undefined) {
			row = { counts: new Array<number>(BOUNDS.length + 1).fill(0), sum: 0 };
			this.rows.set(key, row);
		}
		let at = 0;
		while (at < BOUNDS.length && seconds > (BOUNDS[at] as number)) at++;
		row.counts[at] = (row.counts[at] as number) + 1;
		row.sum += seconds;
		this.sent += outcome.bytes;
		this.received += outcome.received;
		if (!outcome.ok) this.cut.set(known, (this.cut.get(known) ?? 0) + 1);
	}

	measures(): AnyMeasure[] {
		const durations = [...this.rows].map(([key, { counts, sum }]): AnyMeasure => {
			const [method = '', status = ''] = key.split(' ');
			return {
				name: 'turnabout_request_duration_seconds',
				help: 'Exchanges by method and class of status, from the request to the end of the answer',
				type: 'histogram',
				labels: { method, status },
				bounds: BOUNDS,
				counts: [...counts],
				sum,
			};
		});
		const cut = [...this.cut].map(([method, value]): AnyMeasure => ({ ...CUT, labels: { method }, value }));
		return [...durations, ...cut, { ...SENT, value: this.sent }, { ...RECEIVED, value: this.received }];
	}
}

const CUT = {
	name: 'turnabout_requests_cut_total',
	help: 'Exchanges that ended before their answer was complete',
	type: 'counter',
} as const;
const SENT = {
	name: 'turnabout_sent_bytes_total',
	help: 'Bytes of bodies and tunnels to clients',
	type: 'counter',
} as const;
const RECEIVED = {
	name: 'turnabout_received_bytes_total',
	help: 'Bytes of bodies and tunnels from clients',
	type: 'counter',
} as const;

class Metered implements FinishedListener {
	private readonly meter: RequestMeter;
	private readonly method: string;
	private readonly began: number = performance.now();

	constructor(meter: RequestMeter, method: string) {
		this.meter = meter;
		this.method = method;
	}

	exchangeFinished(outcome: Outcome): void {
		this.meter.ended(this.method, outcome, (performance.now() - this.began) / 1_000);
	}
}
