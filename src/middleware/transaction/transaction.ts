/**
 * One transaction around each request that wants one. It is committed before the head of the response goes out, so that a
 * commit that fails can still be a 500, and rolled back when the app throws, when the response says that nothing has
 * happened (400 and up), and when the client has gone. The order matters: put it inside of what renders errors and what
 * writes logs, and around whatever reads or writes the database.
 */

import {
	type App,
	type Context,
	cancelPayload,
	isSource,
	type Key,
	key,
	type LayerNote,
	layer,
	type Middleware,
	OutgoingResponse,
	type RawResponse,
	raw,
	rawResponse,
} from '../../convention/index.ts';
import { checkNames, checkObject } from '../../names/index.ts';
import { CommittingSource } from './committing-source.ts';
import { TransactionError } from './transaction-error.ts';
import { type Begin, openerOf, type Transactor } from './transactor.ts';
import { type TransactionCounts, Unit } from './unit.ts';

export interface TransactionOptions {
	/** Which responses roll back. Default: those with a status of 400 and up. */
	readonly rollbackOn?: (response: RawResponse, context: Context) => boolean;
	/**
	 * `before-head` (default): committed when the app has answered. `after-body`: where the body is a stream, when its last byte
	 * is there; the stream may read from the transaction, and is cut short when the commit fails.
	 */
	readonly commit?: 'before-head' | 'after-body';
}

export interface Transaction<Tx> extends Middleware {
	/**
	 * The transaction of a request, begun by the first call: `const db = await database.of(context)`. Rejects with
	 * TransactionError outside of a request that passed here and after its end, and with the database's error.
	 */
	of(context: Context): Promise<Tx>;
	/** For the server's `resources`: opens the pool, where the adapter has one. */
	start(): Promise<void>;
	/** Rejects when the pool could not be opened. */
	check(): Promise<void>;
	close(): Promise<void>;
	statistics(): Readonly<TransactionCounts> & { readonly pool?: object };
}

/**
 * Middleware that gives each request a transaction. `begin` is an adapter (`sqlite`, `fromPg`, `fromPostgres`, `fromKysely`,
 * `fromDrizzle`), a function such as `(work) => db.transaction(work)`, or an object with begin, commit and rollback. A
 * request that passes it again, inside, joins the transaction around it. Throws TypeError with the option's name and the reason.
 */
export function transaction<Tx>(begin: Begin<Tx> | Transactor<Tx>, options: TransactionOptions = {}): Transaction<Tx> {
	checkOptions(options);
	const opener = openerOf(begin);
	const counts: TransactionCounts = { begun: 0, committed: 0, rolledBack: 0, failed: 0 };
	const current: Key<Unit<Tx>> = key('transaction');
	const rule = new Rule(options);
	const around =
		(next: App): App =>
		(request, context, execution) => {
			const outer = context.get(current);
			if (outer !== undefined && !outer.over) return next(request, context, execution);
			const unit = new Unit(opener, counts, raw(request), context);
			context.set(current, unit);
			let answer: Response | Promise<Response>;
			try {
				answer = next(request, context, execution);
			} catch (error) {
				return giveUp(unit, error);
			}
			if (!(answer instanceof Promise)) return rule.settle(unit, answer, context);
			return answer.then(
				(response) => rule.settle(unit, response, context),
				(error) => giveUp(unit, error),
			);
		};
	const pool = typeof begin === 'function' ? null : begin;
	return Object.assign(layer(NOTE, around), {
		of: (context: Context): Promise<Tx> =>
			context.get(current)?.get() ?? Promise.reject(new TransactionError('NO_TRANSACTION')),
		start: async () => void (await pool?.start?.()),
		check: async () => void (await pool?.check?.()),
		close: async () => void (await pool?.close?.()),
		statistics: () => ({ ...counts, ...(pool?.statistics && { pool: pool.statistics() }) }),
	});
}

const NOTE: LayerNote = {
	name: 'transaction',
	explain: () => ({
		does: [
			'Begins a transaction when the app first asks for it, and ends it with the answer.',
			'Passes the request on as it is.',
		],
	}),
};

/** The app threw. */
function giveUp(unit: Unit<unknown>, error: unknown): Promise<never> {
	if (!unit.untouched) return unit.rollback().then(() => Promise.reject(error));
	unit.over = true;
	throw error;
}

class Rule {
	private readonly rollbackOn: (response: RawResponse, context: Context) => boolean;
	private readonly afterBody: boolean;

	constructor({ rollbackOn, commit }: TransactionOptions) {
		this.rollbackOn = rollbackOn ?? (({ status }) => status >= 400);
		this.afterBody = commit === 'after-body';
	}

	/** The app has answered. At once where no transaction was begun, and none can be. */
	settle(unit: Unit<unknown>, response: Response, context: Context): Response | Promise<Response> {
		let message: RawResponse;
		try {
			message = rawResponse(response);
		} catch (error) {
			// No response at all, or one whose body was read already.
			return giveUp(unit, error);
		}
		const streams = this.afterBody && unit.request.method !== 'HEAD' && isSource(message.payload);
		if (!unit.untouched || streams) return this.finish(unit, message, context, streams);
		unit.over = true;
		return response;
	}

	private async finish(
		unit: Unit<unknown>,
		message: RawResponse,
		context: Context,
		streams: boolean,
	): Promise<Response> {
		try {
			const undo = this.rollbackOn(message, context);
			if (unit.abandoned || (undo && !streams)) await unit.rollback();
			else if (streams) return withBody(unit, message, undo);
			else await unit.commit();
			return message;
		} catch (error) {
			await unit.rollback();
			cancelPayload(message.payload, error);
			throw error;
		}
	}
}

/** The response with a body at whose end the transaction ends. */
function withBody(unit: Unit<unknown>, message: RawResponse, undo: boolean): Response {
	const { payload, fields } = message;
	if (!isSource(payload)) return message;
	const ending = {
		complete: () => (undo ? unit.rollback() : unit.commit()),
		rollback: () => unit.rollback(),
	};
	const said = fields.get('content-length');
	const declared = payload.length ?? (said !== null && /^\d+$/.test(said) ? Number(said) : null);
	const source = new CommittingSource(payload, ending, declared);
	return new OutgoingResponse(message.status, rawResponse(message).fields, source, message);
}

function checkOptions(options: TransactionOptions): void {
	checkObject('transaction', options, "{ commit: 'after-body' }");
	checkNames('transaction: ', options, ['rollbackOn', 'commit']);
	const { rollbackOn, commit = 'before-head' } = options;
	if (rollbackOn !== undefined && typeof rollbackOn !== 'function') {
		throw new TypeError(`transaction: rollbackOn is ${typeof rollbackOn}, not a function of the response`);
	}
	if (commit !== 'before-head' && commit !== 'after-body') {
		throw new TypeError(`transaction: commit is ${JSON.stringify(commit)}, not before-head or after-body`);
	}
}
