/** What is measured of the process itself. */
import { monitorEventLoopDelay } from 'node:perf_hooks';
import type { AnyMeasure } from './measures.ts';

export class ProcessMeasures {
	/** Nanoseconds by which timers are late. */
	private readonly delay = monitorEventLoopDelay({ resolution: 20 });

	constructor() {
		this.delay.enable();
	}

	measures(): AnyMeasure[] {
		const { user, system } = process.cpuUsage();
		const { rss, heapUsed } = process.memoryUsage();
		const late = this.delay.percentile(99) / 1e9;
		this.delay.reset();
		return [
			counter('process_cpu_seconds_total', 'Time on a processor', (user + system) / 1e6),
			gauge('process_resident_memory_bytes', 'Memory that is resident', rss),
			gauge('turnabout_heap_bytes', 'Memory that JavaScript objects take', heapUsed),
			gauge(
				'turnabout_event_loop_delay_seconds',
				'How late timers were, the 99th percentile since the last look',
				late,
			),
			gauge('turnabout_processes', 'Processes that answer', 1),
		];
	}

	stop(): void {
		this.delay.disable();
	}
}

const counter = (name: string, help: string, value: number): AnyMeasure => ({ name, help, type: 'counter', value });
const gauge = (name: string, help: string, value: number): AnyMeasure => ({ name, help, type: 'gauge', value });
