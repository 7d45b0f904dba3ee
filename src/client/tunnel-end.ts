/** How tunnels to an upstream end, where they do not end in order. */
import { asError } from '../bytes/index.ts';
import { Disconnected, type Outcome, UpstreamError } from '../convention/index.ts';

/** What the other side is told. That our own time-out has ended it (`late`) is no failure of the upstream's. */
export function tunnelError(cause: Error | null, late: boolean): Error {
	if (late) return new Disconnected('The tunnel has stood for as long as the time-outs allow');
	return new UpstreamError('connection_terminated', { phase: 'body', cause });
}

/** The upstream sees a reset when its client's side was cut short (RFC 9113 section 8.5). */
export function cutBy(outcome: Outcome): Error | undefined {
	return outcome.ok ? undefined : asError(outcome.cause);
}
