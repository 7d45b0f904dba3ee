/**
 * A time for the answer, and for all of it. What stands within is told when the time is up (`closed`), knows until when it has
 * (`deadline`), and upstreams are given no more than what is left. Whatever it answers afterwards never reaches the client.
 */
import { WholeSource } from '../../bytes/index.ts';
import { type App, deadline, derive, type Explanation, type Layer, layer, raw } from '../../convention/index.ts';
import { FieldList } from '../../fields/index.ts';
import { type Settings, settingsOf, type TimeoutOptions } from './options.ts';
import { TimedContext } from './timed-context.ts';
import { type Counts, TimedExchange, tooLate } from './timed-exchange.ts';
import { WatchedBody } from './watched-body.ts';

export interface TimeoutStatistics {
	/** Requests that were answered with 503 or 408 because their time was up, since the start. */
	readonly timedOut: number;
	/** Answers that came after that, and were given up. */
	readonly late: number;
	/** Answers and tunnels that were cut off. */
	readonly cut: number;
}

export interface Timeout extends Layer<typeof deadline> {
	statistics(): TimeoutStatistics;
}

const clock = performance;

/** `timeout(10_000)`. Throws TypeError or RangeError for options that cannot be meant, with the option's name. */
export function timeout(options: number | TimeoutOptions): Timeout {
	const settings = settingsOf(options);
	const counts: Counts = { timedOut: 0, late: 0, cut: 0 };
	const note = { name: 'timeout', proves: [deadline], explain: (): Explanation => explain(settings) };
	const made = layer<typeof deadline>(
		note,
		(next: App): App =>
			(request, outer) => {
				const message = raw(request);
				const began = clock.now();
				const until = Math.min(began + settings.answer, outer.get(deadline) ?? Number.POSITIVE_INFINITY);
				// A layer around has spent it all.
				if (until <= began) throw tooLate();
				const context = new TimedContext(outer, until);
				const { payload } = message;
				const body = payload === null || payload instanceof WholeSource ? null : new WatchedBody(payload);
				const fields = FieldList.from(message.fields);
				const changes = { fields, circumstances: context };
				const inner = derive(message, body === null ? changes : { ...changes, payload: body });
				const exchange = new TimedExchange(settings, counts, context, body, began);
				const answer = next(inner, context, context);
				if (!isPromise(answer)) return exchange.finished(answer);
				exchange.wait(answer, until - began);
				return exchange;
			},
	);
	return Object.assign(made, { statistics: (): TimeoutStatistics => ({ ...counts }) });
}

/** Those of other realms and libraries, too. */
const isPromise = (answer: Response | Promise<Response>): answer is Promise<Response> =>
	answer instanceof Promise || typeof (answer as { then?: unknown } | null)?.then === 'function';

function explain({ answer, total, tunnel }: Settings): Explanation {
	const does = [
		`Answers 503 Service Unavailable when there is no answer in ${answer} ms, 408 Request Timeout when it is the client's body that is waited for.`,
	];
	if (total > 0) does.push(`Cuts the answer off after ${total} ms.`);
	if (tunnel > 0) does.push(`Drops a tunnel after ${tunnel} ms.`);
	return { does: [...does, 'Passes the request on, with a deadline: upstreams are given no more time than is left.'] };
}
