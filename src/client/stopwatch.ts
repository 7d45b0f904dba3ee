/** Takes the time of one request to an upstream for whoever logs it. */
import { type Context, type UpstreamTimer, upstreamTimer } from '../convention/index.ts';

/** The global is an accessor, which would be asked each time. */
const clock = performance;

export class Stopwatch {
	private readonly timer: UpstreamTimer;
	private readonly began: number = clock.now();
	private over = false;

	constructor(timer: UpstreamTimer) {
		this.timer = timer;
	}

	answered(): void {
		this.timer.upstreamAnswered(clock.now() - this.began);
	}

	/** The first call counts. */
	ended(): void {
		if (this.over) return;
		this.over = true;
		this.timer.upstreamEnded(clock.now() - this.began);
	}
}

/** One that runs, or null where nobody wants to know. */
export function startStopwatch(context: Context): Stopwatch | null {
	const timer = context.get(upstreamTimer);
	return timer === undefined ? null : new Stopwatch(timer);
}
