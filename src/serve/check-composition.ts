/** Whether the layers of an app make sense, by their order and by how they are to be served. */
import { compositionFaults, misfitsOf, type Served } from '../convention/index.ts';
import type { Listening } from './listen.ts';
import { StartError } from './start-error.ts';

export const ORDER_HINT = 'The first layer of a stack is the outermost; `turnabout explain` shows what each would do.';
export const SERVED_HINT =
	'What each layer needs is in its documentation; `turnabout check` finds this without listening.';

/** How an app is served by listeners that are known. */
export function servedBy(places: readonly Listening[], workers: number): Served {
	const asks = places.some(({ tls }) => tls?.clientAuthorities !== undefined || tls?.requireClientCertificate === true);
	return { workers, asksForCertificates: asks };
}

/** What is wrong with the order of layers, in words; none when all is well. */
export function orderFaults(app: object): string[] {
	return compositionFaults(app).map((fault) => `the order of the layers cannot be meant: ${fault}`);
}

/**
 * Throws StartError when layers stand in an order that makes no sense, or cannot be served like that, with the reasons behind
 * `source`, the file they come from; gives what is to be said and stops nobody.
 */
export function checkComposition(app: object, served: Served | null, source: string | null = null): string[] {
	const order = orderFaults(app);
	const misfits = served === null ? [] : misfitsOf(app, served);
	const wrong = [...order, ...misfits.flatMap(({ level, message }) => (level === 'fault' ? [message] : []))];
	refuse(source, wrong, order.length > 0 ? ORDER_HINT : SERVED_HINT);
	return misfits.map(({ message }) => message);
}

/** Throws StartError with all of it, one in a line with `source`, several in a line each. */
export function refuse(source: string | null, wrong: readonly string[], hint: string | null): void {
	if (wrong.length === 0) return;
	const list = wrong.length === 1 ? (wrong[0] as string) : wrong.map((fault) => `\n  ${fault}`).join('');
	if (source === null) throw new StartError(wrong.length === 1 ? list : `it cannot be served:${list}`, hint);
	throw new StartError(`${source}:${wrong.length === 1 ? ' ' : ''}${list}`, hint);
}
