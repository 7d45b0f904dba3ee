/** Takes the time of one request to an upstream for whoever logs it. */
import { type Context, type UpstreamTimer, upstreamTimer } from '../convention/index.ts';

/** The global is an accessor, which would be asked each time. */
const clock = performance;

export class Stopwatch {
	private readonly timer: UpstreamTimer;
	private readonly began: number = clock.now();
	/** Milliseconds until the end; negative before. */
	private took = -1;

	constructor(timer: UpstreamTimer) {
		this.timer = timer;
	}

	answered(): void {
		// A response that is handed on whole has ended before.
		this.timer.upstreamAnswered(this.took >= 0 ? this.took : clock.now() - this.began);
	}

	/** The first call counts. */
	ended(): void {
		if (this.took >= 0) return;
		this.took = clock.now() - this.began;
		this.timer.upstreamEnded(this.took);
	}
}

/** One that runs, or null where nobody wants to know. */
export function startStopwatch(context: Context): Stopwatch | null {
	const timer = context.get(upstreamTimer);
	return timer === undefined ? null : new Stopwatch(timer);
}
