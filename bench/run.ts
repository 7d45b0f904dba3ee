/** What a measurement is given, works on and gives. */
import type { Load } from './load.ts';
import type { Cores } from './machine.ts';
import type { Processes, Running } from './processes.ts';
import type { Behind } from './suites.ts';
import type { Command } from './target.ts';

/** What all measurements of one bench share. */
export interface Bench {
	readonly processes: Processes;
	readonly folder: string;
	readonly cores: Cores | null;
	/** What a work's targets ask, where it is there. */
	readonly origins: Readonly<Record<Behind, string | null>>;
	/** Seconds of load before the measurement, so that JavaScript is compiled, and of the measurement. */
	readonly warm: number;
	readonly seconds: number;
	/** Connections of the load. */
	readonly connections: number;
	/** Connections of the idle work. */
	readonly idle: number;
}

/** What one measurement gave. A run with a fault is no figure. */
export interface Run {
	readonly fault: string | null;
	/** In the unit of the work. */
	readonly figure: number | null;
	readonly requests: number;
	/** Latencies in milliseconds. */
	readonly p50: number | null;
	readonly p99: number | null;
	/** Highest resident memory, in bytes. */
	readonly peak: number | null;
}

/** A target that has been started and answers. */
export interface Subject {
	readonly command: Command;
	readonly running: Running;
	readonly port: number;
	readonly url: string;
	/** Asks it for so many seconds, in the way of its work. */
	readonly load: (seconds: number) => Promise<Load>;
}
