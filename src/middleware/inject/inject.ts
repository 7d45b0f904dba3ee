/**
 * Credentials that clients do not have: they send a placeholder or nothing, and the real value is set on the way out, for
 * those hosts, paths and clients that it is for, and for nobody else. It stands within `forward`, behind its policy, so
 * that neither policies nor logs nor audits ever see a value; and what comes back is searched for it.
 */
import {
	type App,
	type Context,
	derive,
	type Explanation,
	HttpError,
	type IncomingRequest,
	type Layer,
	layer,
	type RawRequest,
	raw,
	whenAnswered,
} from '../../convention/index.ts';
import { FieldList } from '../../fields/index.ts';
import { type Destination, destination } from '../../proxy/index.ts';
import { explainInjection } from './explain.ts';
import { type Credentials, type GuardedHost, GuardedHosts } from './guarded-host.ts';
import { type InjectHosts, type InjectOptions, type InjectSettings, injectSettings, type Rule } from './options.ts';
import { Placeholders } from './placeholders.ts';
import { withParameters } from './query-parameters.ts';
import { ScrubAnswer } from './scrub-answer.ts';
import { ScrubbedContext } from './scrubbed-context.ts';
import type { Scrubber } from './scrubber.ts';
import { SecretError } from './secret-error.ts';
import { SparingLog } from './sparing-log.ts';

export interface InjectStatistics {
	/** Requests that were given credentials. */
	readonly injected: number;
	/** Requests refused because a placeholder would have gone elsewhere, or a credential over plain http. */
	readonly refused: number;
	/** Requests that failed because a secret could not be used. */
	readonly failed: number;
	/** Answers in which a secret was found. */
	readonly scrubbed: number;
	/** Tunnels to hosts that there are credentials for: nothing can be set within them. */
	readonly opaque: number;
}

export interface Inject extends Layer {
	/** Finds out whether every secret can be read: a server does so before it listens. Rejects with a SecretError that names the secret. */
	start(): Promise<void>;
	/** The same for `turnabout check`. */
	check(): Promise<void>;
	statistics(): InjectStatistics;
}

/** For `forward({ inner: inject({ … }) })`. Throws TypeError with the place of what is wrong and the reason. */
export function inject(hosts: InjectHosts, options: InjectOptions = {}): Inject {
	const settings = injectSettings(hosts, options);
	const injector = new Injector(settings);
	const made = layer(
		{
			name: 'inject',
			needs: [{ key: destination, because: 'it stands within a forward proxy: forward({ inner: inject({ … }) })' }],
			explain: (request, context) => injector.explain(request, context),
		},
		(next: App): App =>
			(request, context) =>
				injector.handle(next, request, context),
	);
	const check = (): Promise<void> => injector.check();
	return Object.assign(made, { start: check, check, statistics: () => ({ ...injector.counts }) });
}

class Injector {
	readonly counts = { injected: 0, refused: 0, failed: 0, scrubbed: 0, opaque: 0 };
	private readonly settings: InjectSettings;
	private readonly hosts: GuardedHosts;
	private readonly placeholders: Placeholders;
	private readonly log: SparingLog;

	constructor(settings: InjectSettings) {
		this.settings = settings;
		this.hosts = new GuardedHosts(settings.hosts);
		this.placeholders = new Placeholders(settings.hosts.flatMap(({ rules }) => rules));
		this.log = new SparingLog(settings.log);
	}

	handle(next: App, given: Request, context: Context): Response | Promise<Response> {
		const to = context.get(destination);
		if (to === undefined)
			throw new Error('inject: it stands within a forward proxy: forward({ inner: inject({ … }) })');
		const host = this.hosts.find(to.host);
		if (to.scheme === 'tunnel') {
			if (host !== null) this.counts.opaque++;
			return next(given, context, context);
		}
		const looking = host === null ? null : host.look();
		if (looking === null) return this.send(next, raw(given), context, to, host);
		return looking.then(() => this.send(next, raw(given), context, to, host));
	}

	private send(
		next: App,
		request: IncomingRequest,
		context: Context,
		to: Destination,
		host: GuardedHost | null,
	): Response | Promise<Response> {
		const rule = host === null ? null : host.ruleFor(request, context, to);
		if (this.placeholders.strayIn(request, rule)) throw this.refusal(to, 'placeholder', STRAY);
		if (host === null) return next(request, context, context);
		if (rule !== null && to.scheme !== 'https' && !rule.insecure) throw this.refusal(to, 'insecure', INSECURE);
		const credentials = rule === null ? null : this.credentials(host, rule, to);
		const scrubber = host.scrubber();
		if (credentials === null && scrubber === null) return next(request, context, context);
		const outgoing = changed(request, credentials, scrubber);
		if (credentials !== null) this.counts.injected++;
		if (scrubber === null) return next(outgoing, context, context);
		const step = new ScrubAnswer(scrubber, () => this.found(to));
		return whenAnswered(next, outgoing, new ScrubbedContext(context, scrubber), step);
	}

	private credentials(host: GuardedHost, rule: Rule, to: Destination): Credentials {
		try {
			return host.credentials(rule);
		} catch (error) {
			if (!(error instanceof SecretError)) throw error;
			this.counts.failed++;
			this.log.tell('secret', { level: 'error', message: error.message, host: to.authority });
			throw new HttpError(500, { message: `inject: ${error.message}`, cause: error });
		}
	}

	private refusal(to: Destination, kind: string, message: string): HttpError {
		this.counts.refused++;
		this.log.tell(kind, { level: 'warn', message, host: to.authority });
		return new HttpError(403, { message });
	}

	private found(to: Destination): void {
		this.counts.scrubbed++;
		const message = 'A secret was found in an answer, and taken out.';
		this.log.tell('found', { level: 'warn', message, host: to.authority });
	}

	/** Throws SecretError. */
	async check(): Promise<void> {
		for (const { pattern, rules } of this.settings.hosts) {
			const host = this.hosts.of(pattern);
			await host.look();
			for (const rule of rules) host.credentials(rule);
		}
	}

	explain(request: RawRequest, context: Context): Explanation {
		return explainInjection(this.hosts, this.placeholders, request, context);
	}
}

const STRAY = 'This request carries the placeholder of a credential that is not for this host, path, method or client.';
const INSECURE = 'The credential for this host is not sent over plain http: ask for https.';

/** The request as it goes out. What could show a secret in pieces, or coded, is not asked for. */
function changed(
	request: IncomingRequest,
	credentials: Credentials | null,
	scrubber: Scrubber | null,
): IncomingRequest {
	const fields = FieldList.from(request.fields).copy();
	let { target } = request;
	if (credentials !== null) {
		for (const [name, value] of credentials.fields) fields.set(name, value);
		if (credentials.query.size > 0) target = withParameters(target, credentials.query);
	}
	if (scrubber !== null) {
		fields.set('Accept-Encoding', 'identity');
		fields.delete('range');
		fields.delete('if-range');
	}
	return derive(request, { fields, target });
}
