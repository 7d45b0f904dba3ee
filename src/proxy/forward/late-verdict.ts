/** A policy that has to look something up first. It is waited for as long as the client waits, and not for ever. */
import { type ClosedListener, type Context, UpstreamError } from '../../convention/index.ts';
import type { Verdict } from './policy.ts';

/** Milliseconds. */
export const POLICY_TIMEOUT = 10_000;

/** Rejects with why the client has left, or UpstreamError once `milliseconds` are over; 0 is for ever. */
export function inTime(
	verdict: Promise<Verdict | null>,
	context: Context,
	milliseconds: number,
): Promise<Verdict | null> {
	return new Promise((resolve, reject) => {
		const left: ClosedListener = { exchangeClosed: reject };
		const timer = milliseconds === 0 ? undefined : setTimeout(() => reject(undecided(milliseconds)), milliseconds);
		context.onClosed(left);
		verdict.then(resolve, reject).finally(() => {
			clearTimeout(timer);
			context.offClosed(left);
		});
	});
}

function undecided(milliseconds: number): UpstreamError {
	return new UpstreamError('proxy_internal_error', {
		message: `The policy has not decided within ${milliseconds} ms`,
	});
}
