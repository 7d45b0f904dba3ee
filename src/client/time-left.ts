/** By when an exchange with an upstream must be over, by the count of the wheel; 0 is never. */
import { type Context, deadline } from '../convention/index.ts';
import { wheel } from '../transport/index.ts';

/** The global is an accessor, which would be asked each time. */
const clock = performance;

/** All of it, if it may take `total` milliseconds from now. */
export function wholeBy(total: number): number {
	return total > 0 ? wheel.now + total : 0;
}

/** The head of its response: what a layer around has set as the deadline of the answer is not exceeded. */
export function headBy(whole: number, context: Context): number {
	const until = context.get(deadline);
	if (until === undefined) return whole;
	const by = wheel.now + Math.max(1, until - clock.now());
	return whole > 0 && whole < by ? whole : by;
}
