/**
 * The convention, checked while an app runs: a middleware that watches the engine on one side and the app on the other.
 * It costs copies and time, so it belongs into tests and development. Each rule is checked in the file named after what
 * it looks at (lint-request, lint-response, lint-source, lint-context); this one puts them around an exchange.
 */
import type { Tunnel } from '../bytes/index.ts';
import { FieldList } from '../fields/index.ts';
import type { App, RawRequest, RawResponse } from './app.ts';
import type { Context, Outcome } from './context.ts';
import { derive } from './derive.ts';
import { LintContext } from './lint-context.ts';
import { LintError } from './lint-error.ts';
import { lintArguments, lintContext, lintRequest } from './lint-request.ts';
import { lintAnswer, lintResponse } from './lint-response.ts';
import { LintSource } from './lint-source.ts';
import { isSource } from './payload.ts';
import { raw, rawResponse } from './raw.ts';
import type { IncomingRequest } from './request.ts';
import { OutgoingResponse } from './response.ts';

export interface LintOptions {
	/** Told of what is found too late for an exception. Default: the error is handed to `context.waitUntil`, which logs it. */
	readonly report?: (error: LintError) => void;
}

/** The same app, watched. Throws LintError, or fails a payload with it, where either side breaks a rule. */
export function lint(app: App, options: LintOptions = {}): App {
	return (request, context, execution) => {
		lintArguments(request, context, execution);
		lintContext(context);
		const message = raw(request);
		lintRequest(message);
		const watch = new Watch(message, context, options.report ?? ((error) => context.waitUntil(Promise.reject(error))));
		const response = app(watch.request, watch.context, watch.context);
		if (response instanceof Promise) return response.then((late) => watch.answered(late));
		return watch.answered(response);
	};
}

/** One exchange under watch. */
class Watch {
	readonly request: IncomingRequest;
	readonly context: LintContext;
	private readonly report: (error: LintError) => void;
	/** What the app was given and must leave as it is. */
	private readonly before: string;
	private payload: LintSource | null = null;

	constructor(message: RawRequest, context: Context, report: (error: LintError) => void) {
		const { payload, fields } = message;
		this.report = report;
		this.context = new LintContext(context, fields.get('expect')?.toLowerCase() === '100-continue');
		this.request = derive(message, {
			fields: FieldList.from(fields),
			payload: payload === null ? null : new LintSource(payload, 'request payload', null, report),
		});
		this.before = identity(this.request, this.context);
		context.onFinished({ exchangeFinished: (outcome) => this.finished(outcome) });
	}

	/** The response to hand on: like the app's, with its payload and tunnel under watch. */
	answered(response: Response): Response {
		lintAnswer(response);
		if (identity(this.request, this.context) !== this.before) {
			throw new LintError(10, 'The app has changed the request or the context it was given');
		}
		const message = rawResponse(response);
		lintResponse(message, this.request, this.context);
		const { payload } = message;
		if (isSource(payload)) {
			if (known.has(payload)) throw new LintError(4, 'The payload was answered with before');
			known.add(payload);
			this.payload = new LintSource(payload, 'response payload', declaredLength(message, this.request), this.report);
		}
		return new OutgoingResponse(message.status, FieldList.from(message.fields), this.payload ?? payload, {
			reason: message.reason,
			trailing: message.trailing,
			tunnel: message.tunnel === undefined ? undefined : this.tunnelled(message.tunnel),
		});
	}

	private tunnelled(open: (stream: Tunnel) => void): (stream: Tunnel) => void {
		let opened = false;
		return (stream) => {
			if (opened) throw new LintError(9, 'The engine opened the tunnel twice');
			opened = true;
			if (!isSource(stream?.readable) || typeof stream.writable?.write !== 'function') {
				throw new LintError(9, 'The engine opened a tunnel that has not two directions');
			}
			const readable = new LintSource(stream.readable, 'tunnel', null, this.report);
			open({ readable, writable: stream.writable, destroy: (reason) => stream.destroy(reason) });
		};
	}

	private finished(outcome: Outcome): void {
		const { payload } = this;
		if (payload === null) return;
		if (!payload.touched)
			this.report(new LintError(4, 'The engine neither started nor cancelled the response payload'));
		if (payload.failed && outcome.ok) this.report(new LintError(7, 'The engine calls a payload complete that failed'));
	}
}

/** Sources that some response was made of already. */
const known = new WeakSet<object>();

function identity(request: RawRequest, context: Context): string {
	const { method, target, form, authority, scheme, version } = request;
	return JSON.stringify([method, target, form, authority, scheme, version, context.mount]);
}

function declaredLength({ fields, status }: RawResponse, { method }: RawRequest): number | null {
	const value = fields.get('content-length');
	return value === null || method === 'HEAD' || status === 304 ? null : Number(value);
}
