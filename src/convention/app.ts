/**
 * The calling convention: everything that answers requests is an app, everything that wraps an app is middleware.
 * This file holds the types alone; docs/convention.md is the specification, `lint` checks its rules while an app runs.
 */
import type { FileRange, Source, Tunnel } from '../bytes/index.ts';
import type { Fields } from '../fields/index.ts';
import type { Context } from './context.ts';

/** Takes a request and returns a response, at once or later. A fetch handler is an app: Hono's, h3's, Elysia's, a Worker's. */
export type App = (request: Request, context: Context, execution?: Context) => Response | Promise<Response>;

/** Wraps an app in a layer that sees every request on its way in and every response on its way out. */
export type Middleware = (next: App) => App;

/** How the request-target was written (RFC 9112 section 3.2). */
export type TargetForm = 'origin' | 'absolute' | 'authority' | 'asterisk';

/** The version of HTTP the message came in. */
export type Version = '1.0' | '1.1' | '2';

/** A request as it came: what fetch's Request cannot say. Get it with `raw(request)`. */
export interface RawRequest extends Request {
	/** The request-target, byte for byte (latin1). Route and forward on this, never on `url`, which rewrites paths. */
	readonly target: string;
	readonly form: TargetForm;
	/** Whom the request is for: the target's authority in absolute-form, then `:authority`, then Host. Empty when nothing said it. */
	readonly authority: string;
	/** `http` or `https`: how the client reached us, or what the absolute-form target says. */
	readonly scheme: 'http' | 'https';
	readonly version: Version;
	readonly fields: Fields;
	/** The body's bytes, or null when the request has none. GET may have one, too. */
	readonly payload: Source | null;
	/** The fields behind the body; null when there were none. Settles when the payload has ended; never rejects. */
	readonly trailers: Promise<Fields | null>;
}

/** Every kind of payload has its own way to the wire. A string is text, sent as UTF-8. */
export type Payload = null | string | Uint8Array | Source | FileRange;

/** A response before it is written. Make it with `respond`, get it from any Response with `rawResponse`. */
export interface RawResponse extends Response {
	readonly fields: Fields;
	readonly payload: Payload;
	/** The reason phrase that came or shall go with the status; null for the usual one. */
	readonly reason: string | null;
	/** Asked for trailer fields after the last byte of the payload. Fields the payload itself ended with come first. */
	readonly trailing?: (() => Fields | Promise<Fields>) | undefined;
	/** With 101, or 2xx to CONNECT: called with both directions once the head is out. */
	readonly tunnel?: ((stream: Tunnel) => void) | undefined;
}
