/** What can be set on the HTTP/2 engine besides what every engine has. */

import { type H1Limits, h1Limits } from '../../protocol/h1/index.ts';
import { amountsOf } from '../check-amounts.ts';
import { type ConnectionLimits, connectionLimits, type EngineTimeouts, engineTimeouts } from '../engine.ts';
import type { EngineLogEntry } from '../engine-log.ts';
import { logToStderr } from '../engine-log.ts';
import type { SocketSettings } from '../socket-settings.ts';

/** What one HTTP/2 connection may cost. */
export interface Http2Limits {
	/** Streams open at a time; the client is told by SETTINGS_MAX_CONCURRENT_STREAMS. */
	readonly concurrentStreams: number;
	/** Bytes of a field section, as SETTINGS_MAX_HEADER_LIST_SIZE counts them: names, values and 32 for each line. */
	readonly headerListBytes: number;
	/** Megabytes that node may hold for one session. */
	readonly sessionMegabytes: number;
	/** Streams that a client may reset in a burst; beyond, the connection ends with ENHANCE_YOUR_CALM. */
	readonly resetBurst: number;
	/** How many of those are forgiven in a second. */
	readonly resetRate: number;
	/** PING and SETTINGS frames that a client may send in a burst; beyond, the connection ends likewise. */
	readonly controlBurst: number;
	/** How many of those are forgiven in a second. */
	readonly controlRate: number;
	/** Bytes of a body on their way to us before anybody takes them: the window of a stream. */
	readonly streamWindow: number;
}

export const http2Limits: Http2Limits = {
	concurrentStreams: 128,
	headerListBytes: 65_536,
	sessionMegabytes: 10,
	resetBurst: 200,
	resetRate: 20,
	controlBurst: 200,
	controlRate: 20,
	streamWindow: 65_535,
};

export interface Http2EngineOptions {
	readonly limits?: Partial<H1Limits & ConnectionLimits & Http2Limits>;
	readonly timeouts?: Partial<EngineTimeouts>;
	/** Answer clients that speak HTTP/1.1, too: by ALPN under TLS, by their first bytes without. Default: true. */
	readonly http1?: boolean;
	/** Default: warnings and errors go to stderr, one line each. */
	readonly log?: (entry: EngineLogEntry) => void;
}

export interface Http2Settings extends SocketSettings {
	readonly limits: H1Limits & ConnectionLimits & Http2Limits;
	readonly http1: boolean;
}

/** Throws TypeError or RangeError, naming the option that is none. */
export function settingsOf(options: Http2EngineOptions): Http2Settings {
	const { http1 = true } = options;
	if (typeof http1 !== 'boolean') throw new TypeError('http1: neither true nor false');
	const limits = amountsOf('limits', { ...h1Limits, ...connectionLimits, ...http2Limits }, options.limits);
	if (limits.streamWindow < 1 || limits.streamWindow > 0x7fff_ffff) {
		throw new RangeError('limits.streamWindow: not from 1 to 2,147,483,647 bytes (RFC 9113 section 6.9.2)');
	}
	return {
		limits,
		timeouts: amountsOf('timeouts', engineTimeouts, options.timeouts),
		http1,
		log: options.log ?? logToStderr,
	};
}
