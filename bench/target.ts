/** What can be measured: a program that listens on a port. The peers and our own subjects are all of this shape. */

/** Where a target runs, and what it has to do with. */
export interface Place {
	/** The port on 127.0.0.1 that it must listen on. */
	readonly port: number;
	/** A folder of its own for configuration and logs, removed afterwards. */
	readonly folder: string;
	/** What is asked: the origin of a proxy as `host:port`, or php-fpm by the path of its socket; null in a work without one. */
	readonly origin: string | null;
	/** JavaScript targets must collect their garbage on SIGUSR2. */
	readonly collecting: boolean;
}

/** What to run, without a shell. */
export interface Command {
	readonly file: string;
	readonly args: readonly string[];
	readonly environment?: Readonly<Record<string, string>>;
	/** It collects its garbage on SIGUSR2. */
	readonly collects?: boolean;
	/** Its access log: one line per request has to be in it when it has stopped. */
	readonly log?: string;
}

export interface Target {
	readonly name: string;
	/** One of ours: that it cannot be measured is a failure, not an absence. */
	readonly ours?: boolean;
	/** It leads every connection to the origin as it is, and is not asked for tunnels. */
	readonly relays?: boolean;
	/** Why it cannot be measured on this machine, or null. */
	missing(): string | null;
	/** Writes the configuration it needs into `place.folder` and says what to run. */
	prepare(place: Place): Command;
}
