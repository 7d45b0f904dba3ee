/** The callable of hello.blocking.ts as an app: what it costs to ask a thread. */
import { threads } from 'turnabout';

// oxlint-disable-next-line no-default-export -- an app is what a served module exports by default
export default threads(new URL('./hello.blocking.ts', import.meta.url));
