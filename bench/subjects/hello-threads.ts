/** The callable of hello.blocking.ts as an app: what it costs to ask a thread. */
import { threads } from 'turnabout';

// oxlint-disable-next-line no-default-export -- an app is what a served module exports by default
export default threads(new URL('./hello.blocking.ts', import.meta.url), {
	// The load comes twice, and the second time before all of the first has left: that is nobody who waits too long.
	queue: 256,
});
