/** What the command settles for a process of its own before anything runs in it; docs/decisions/a-process-of-our-own.md says why. */
import { setFlagsFromString } from 'node:v8';
import { installLightResponse } from '../convention/index.ts';

/** Set to anything but the empty string, it leaves the global Response as it is. */
const NATIVE_RESPONSE = 'TURNABOUT_NATIVE_RESPONSE';

export function settleProcess(): void {
	// Bun and Deno have light responses of their own, which their servers ask for.
	if (process.versions['bun'] !== undefined || process.versions['deno'] !== undefined) return;
	// What was long-lived once, while it was warmed up, is made old from then on, and keeps each exchange's objects alive with it.
	setFlagsFromString('--no-allocation-site-pretenuring');
	if ((process.env[NATIVE_RESPONSE] ?? '') === '') installLightResponse();
}
