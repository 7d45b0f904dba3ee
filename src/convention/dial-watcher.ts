/** Where an upstream was reached, for audits: whoever sets this key is told by the client side, and nobody pays who does not. */
import type { Address } from './context.ts';
import { type Key, key } from './key.ts';

export interface DialWatcher {
	/** Told for each connection that a request goes out on, kept ones included: the other end of it. */
	dialled(remote: Address): void;
}

export const dialWatcher: Key<DialWatcher, 'dial watcher'> = key('dial watcher');
