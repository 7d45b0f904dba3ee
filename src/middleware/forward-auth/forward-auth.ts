/**
 * Authentication by asking somebody else: an authorization server is shown what the request is, and says whether it may go
 * on. Whatever goes wrong with it, nothing goes on. It is asked before a tunnel is opened as before a page is sent.
 */
import crypto from 'node:crypto';
import { question, type Reply, type Upstream, type UpstreamStatistics, upstream } from '../../client/index.ts';
import {
	type App,
	type Context,
	type Explanation,
	type IncomingRequest,
	type Layer,
	layer,
	type RawRequest,
	raw,
	UpstreamError,
} from '../../convention/index.ts';
import type { FieldList } from '../../fields/index.ts';
import { IN_USE, refusesCache, removal, roleWords } from '../guard.ts';
import { type Identity, identity } from '../keys.ts';
import { Remembered } from '../remembered.ts';
import { questionFields } from './ask-fields.ts';
import { type Granted, Inward } from './inward.ts';
import { type ForwardAuthOptions, type ForwardAuthSettings, forwardAuthSettings } from './options.ts';
import { refusal } from './refusal.ts';

export interface ForwardAuth {
	/** Ends the connections to the server. */
	close(): Promise<void>;
	statistics(): {
		readonly asked: number;
		readonly refused: number;
		readonly remembered: number;
		readonly pool: UpstreamStatistics;
	};
}

/** Verdicts that can be remembered at a time. */
const MOST_REMEMBERED = 10_000;

/**
 * Lets in what the server at `to` answers with 2xx. Its other answers are the client's; when it fails the answer is 502,
 * 503 or 504. Throws TypeError or RangeError with the option's name and the reason.
 */
export function forwardAuth(
	to: string | URL,
	options?: ForwardAuthOptions & { readonly optional?: false },
): Layer<typeof identity> & ForwardAuth;
export function forwardAuth(to: string | URL, options: ForwardAuthOptions): Layer & ForwardAuth;
export function forwardAuth(
	to: string | URL,
	options: ForwardAuthOptions = {},
): (Layer<typeof identity> | Layer) & ForwardAuth {
	const settings = forwardAuthSettings(to, options);
	const guard = new ForwardGuard(settings);
	const wrap =
		(next: App): App =>
		(request, context, execution) =>
			guard.handle(raw(request), context, execution, next);
	const explain = (request: RawRequest, context: Context) => guard.explain(request, context);
	const note = { name: 'forwardAuth', refuses: refusesCache, explain };
	const made: Layer<typeof identity> = layer(settings.optional ? note : { ...note, proves: [identity] }, wrap);
	return Object.assign(made, { close: () => guard.server.close(), statistics: () => guard.statistics() });
}

/** The server has said yes. */
interface Verdict {
	readonly identity: Identity | null;
	readonly granted: Granted;
}

class ForwardGuard {
	readonly server: Upstream;
	private readonly settings: ForwardAuthSettings;
	private readonly inward: Inward;
	private readonly target: string;
	private readonly secret: Uint8Array = crypto.randomBytes(32);
	private readonly known = new Remembered<Verdict>(MOST_REMEMBERED);
	private asked = 0;
	private refused = 0;

	constructor(settings: ForwardAuthSettings) {
		const { url, timeout } = settings;
		this.settings = settings;
		this.inward = new Inward(settings);
		this.target = `${url.pathname}${url.search}`;
		this.server = upstream(url.origin, {
			...settings.upstream,
			timeouts: { ...settings.upstream.timeouts, connect: timeout, firstByte: timeout, total: timeout },
		});
	}

	handle(
		request: IncomingRequest,
		context: Context,
		execution: Context | undefined,
		next: App,
	): Response | Promise<Response> {
		const fields = questionFields(request, context, this.settings);
		const digest = this.settings.remember === 0 ? null : this.digest(fields);
		const known = digest === null ? undefined : this.known.get(digest, performance.now());
		if (known !== undefined) return this.enter(known, request, context, execution, next);
		return this.ask(fields, context).then((reply) => {
			if (reply.status < 200 || reply.status > 299) {
				this.refused++;
				return refusal(reply, this.settings.role);
			}
			const verdict = this.verdictOf(reply);
			// A cookie is for one client and one answer: a verdict that came with one is not kept.
			if (digest !== null && !reply.fields.has('set-cookie'))
				this.known.set(digest, verdict, performance.now() + this.settings.remember);
			return this.enter(verdict, request, context, execution, next);
		});
	}

	private enter(
		verdict: Verdict,
		request: IncomingRequest,
		context: Context,
		execution: Context | undefined,
		next: App,
	): Response | Promise<Response> {
		if (verdict.identity !== null) context.set(identity, verdict.identity);
		return next(this.inward.request(request, verdict.granted), context, execution);
	}

	private ask(fields: FieldList, context: Context): Promise<Reply> {
		this.asked++;
		const { limit } = this.settings;
		return question(this.server, { target: this.target, fields }, { mostBytes: limit, within: context });
	}

	private verdictOf(reply: Reply): Verdict {
		const { copy, nameField, optional } = this.settings;
		const claims: Record<string, string> = Object.create(null);
		const granted: string[] = [];
		for (const field of copy) {
			const values = reply.fields.all(field);
			if (values.length === 0) continue;
			claims[field.toLowerCase()] = values.join(', ');
			for (const value of values) granted.push(field, value);
		}
		const called = nameField === null ? '' : (claims[nameField.toLowerCase()] ?? '');
		if (nameField !== null && called === '') {
			if (optional) return { identity: null, granted };
			throw new UpstreamError('http_protocol_error', { details: `the authorization server did not say ${nameField}` });
		}
		return { identity: { name: called, by: 'forward', claims }, granted };
	}

	/** Everything that the server would be shown: the same question has the same answer. */
	private digest(fields: FieldList): string {
		return crypto.createHmac('sha256', this.secret).update(JSON.stringify(fields.raw)).digest('base64');
	}

	explain(request: RawRequest, context: Context): Explanation {
		const { settings, target } = this;
		const shown = questionFields(request, context, settings).raw.filter((_, index) => index % 2 === 0);
		const words = roleWords[settings.role];
		const removed = this.inward.spoofed(request).map((name) => removal(name));
		if (!settings.pass && request.fields.has(words.credentials))
			removed.push(removal(words.credentials, words.section));
		const adds = settings.copy.map((name) => ({ what: 'adds', name, on: 'request', source: IN_USE }) as const);
		const given = settings.copy.length === 0 ? '' : `, and ${settings.copy.join(', ')} as it says`;
		return {
			does: [
				`Asks ${settings.url.origin}${target.split('?', 1)[0]}, which is shown ${[...new Set(shown)].join(', ')}.`,
				'Answers what it answers, but for 2xx.',
				'Answers 502 Bad Gateway, 503 Service Unavailable or 504 Gateway Timeout when it fails.',
				`Passes the request on, with the identity${given}.`,
			],
			fields: [...removed, ...adds],
			request: this.inward.request(raw(request), []),
		};
	}

	statistics(): ReturnType<ForwardAuth['statistics']> {
		const { asked, refused } = this;
		return { asked, refused, remembered: this.known.size, pool: this.server.statistics() };
	}
}
