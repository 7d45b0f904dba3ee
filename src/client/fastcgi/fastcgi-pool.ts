/**
 * The connections to one application, as the pool of upstreams keeps them: idle ones are used again, the youngest first;
 * new ones up to a limit; then a queue. One thing is different. A php-fpm child serves the connection that it has
 * accepted and no other until that is closed: an idle connection is an idle child. So when one of our requests has waited
 * at the socket for a while, connections are given up instead of kept, and the children that become free take those that wait.
 */
import { Timer, type TimerOwner, type Transport, wheel } from '../../transport/index.ts';
import { ConnectionPool } from '../connection-pool.ts';
import { diallerOf } from '../dial.ts';
import type { Origin } from '../origin.ts';
import { FastCgiConnection } from './fastcgi-connection.ts';
import type { FastCgiExchange } from './fastcgi-exchange.ts';
import type { FastCgiSettings } from './options.ts';
import { ParamsWriter } from './params.ts';
import { StderrLog } from './stderr-log.ts';

/** Milliseconds without an answer after which a new connection is taken for one that nobody has accepted. */
const ACCEPTED = 100;

export class FastCgiPool extends ConnectionPool<FastCgiConnection, FastCgiExchange> implements TimerOwner {
	readonly settings: FastCgiSettings;
	readonly params: ParamsWriter;
	readonly log: StderrLog;
	/** Connections on which nothing has come back yet: nobody may have accepted them. */
	private unaccepted = 0;
	/** They wait for a child to become free. */
	private crowded = false;
	private readonly timer: Timer = new Timer(this);

	constructor(origin: Origin, settings: FastCgiSettings) {
		super(origin, diallerOf(origin, {}, { guard: null, resolve: null }));
		this.settings = settings;
		this.params = new ParamsWriter(settings);
		this.log = new StderrLog(origin.name, settings.log);
	}

	protected connectionOver(transport: Transport): FastCgiConnection {
		return new FastCgiConnection(this, transport);
	}

	/** The first request on a new connection went out, or it is known to have been accepted, or is gone. */
	countUnaccepted(by: 1 | -1): void {
		this.unaccepted += by;
		if (by < 0) this.crowded = false;
		if (this.unaccepted === 0) wheel.clear(this.timer);
		else if (by < 0 || this.unaccepted === 1) wheel.set(this.timer, ACCEPTED);
	}

	/** The children that we keep from their work are wanted. */
	timedOut(): void {
		this.crowded = true;
		for (const connection of this.idle.splice(0, this.unaccepted)) connection.discard();
	}

	override release(connection: FastCgiConnection): void {
		if (this.crowded) connection.discard();
		else super.release(connection);
	}
}
