/** One fetch from its beginning to the first thing that ends it: the fragment, a failure, its time, or the client leaving. */
import { type Context, Disconnected, UpstreamError } from '../../convention/index.ts';
import { Timer, wheel } from '../../transport/index.ts';
import { type Fragment, type Missed, missed } from './fragment.ts';
import { FragmentContext } from './fragment-context.ts';
import type { PageFetches } from './page-fetches.ts';

/** Resolves with what `ask` does, or with what was quicker; `ask` is not called any more when that came while waiting. Never rejects. */
export function fetchRun(
	context: Context,
	page: PageFetches,
	timeout: number,
	ask: (inner: FragmentContext) => Promise<Fragment>,
): Promise<Fragment> {
	return new Promise((resolve) => {
		const inner = new FragmentContext(context);
		let settled = false;
		let begun = false;
		const settle = (fragment: Fragment): void => {
			if (settled) return;
			settled = true;
			wheel.remove(timer);
			resolve(fragment);
			if (fragment.ok) inner.release();
			else inner.abort(new Disconnected(`Nobody waits for this fragment any more: ${fragment.reason}`));
			if (begun) page.leave();
		};
		const timer = new Timer({ timedOut: () => settle(missed('timeout', `Not there in ${timeout} ms`)) });
		wheel.set(timer, timeout);
		inner.onClosed({ exchangeClosed: () => settle(missed('cancelled', 'The client has left')) });
		page.enter(() => {
			if (settled) return page.leave();
			begun = true;
			ask(inner).then(settle, (error: unknown) => settle(failureOf(error)));
		});
	});
}

/** RFC 9209's types that say something else than "it failed". */
const reasons: Readonly<Record<string, Missed['reason']>> = {
	destination_ip_prohibited: 'address',
	dns_timeout: 'timeout',
	connection_timeout: 'timeout',
	connection_read_timeout: 'timeout',
	http_response_timeout: 'timeout',
};

function failureOf(error: unknown): Missed {
	if (error instanceof UpstreamError) return missed(reasons[error.type] ?? 'failed', `${error.type}: ${error.message}`);
	if (error instanceof Disconnected) return missed('cancelled', error.message);
	return missed('failed', error instanceof Error ? `${error.name}: ${error.message}` : String(error));
}
