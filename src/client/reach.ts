/** Whether anybody is there: a connection is made, with its TLS where there is one, and closed again. */
import type { UpstreamError } from '../convention/index.ts';
import { dial, diallerOf } from './dial.ts';
import { type UpstreamOptions, upstreamSettings } from './options.ts';
import { parseOrigin } from './origin.ts';

/** Resolves when the origin of `to` has accepted a connection within `patience` milliseconds. Rejects with UpstreamError; throws TypeError for a bad URL. */
export function reach(to: string | URL, patience: number, options: UpstreamOptions = {}): Promise<void> {
	const settings = upstreamSettings(options);
	const dialler = diallerOf(parseOrigin(to), settings.tls, settings, settings.parent);
	return new Promise((resolve, reject) => {
		dial(dialler, { patience, latest: 0 }, (error, socket) => {
			if (socket === null) return reject(error as UpstreamError);
			socket.on('error', () => {});
			socket.destroy();
			resolve();
		});
	});
}
