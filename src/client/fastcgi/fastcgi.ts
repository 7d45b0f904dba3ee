/** An application behind FastCGI is an app: PHP programs by php-fpm, first of all. */
import { tmpdir } from 'node:os';
import {
	type App,
	type Context,
	cancelPayload,
	derive,
	HttpError,
	noteApp,
	type OutgoingResponse,
	PendingResponse,
	type RawRequest,
	raw,
	respond,
	UpstreamError,
} from '../../convention/index.ts';
import { FieldList } from '../../fields/index.ts';
import type { UpstreamStatistics } from '../connection-pool.ts';
import type { Origin } from '../origin.ts';
import { parseFastCgiAddress } from './address.ts';
import { FastCgiExchange, type FastCgiReceiver } from './fastcgi-exchange.ts';
import { FastCgiPool } from './fastcgi-pool.ts';
import { type FastCgiOptions, type FastCgiRequestBody, type FastCgiSettings, fastCgiSettings } from './options.ts';
import { decodePath, type FileKind, type Resolved, resolveScript } from './script.ts';
import { scriptFiles } from './script-files.ts';

export interface FastCgi extends App {
	readonly origin: Origin;
	statistics(): UpstreamStatistics;
	/** Closes idle connections now and the others behind their exchange. */
	close(): Promise<void>;
}

/** A script that sends us to itself must come to an end. */
const MOST_REDIRECTS = 10;

/**
 * An app that answers by FastCGI 1.0: `fastcgi('unix:/run/php/php-fpm.sock', { root: '/srv/www' })`, or `127.0.0.1:9000`.
 * Paths are mapped to scripts as Caddy's php_fastcgi does, variables are those of nginx. What is no script goes to
 * `otherwise`; without it, HttpError 404. Rejects with UpstreamError for an application that fails, with HttpError 400 for
 * paths that are refused, 411 and 413 for bodies. Throws TypeError with the option's name for what cannot be meant.
 */
export function fastcgi(address: string, options: FastCgiOptions): FastCgi {
	const origin = parseFastCgiAddress(address);
	const settings = fastCgiSettings(options, tmpdir());
	const pool = new FastCgiPool(origin, settings);
	const scripts = new Scripts(pool, settings);
	const app: App = (request, context) => scripts.answer(raw(request), context, 0);
	noteApp(app, 'fastcgi', 'Asks a script by FastCGI.');
	return Object.assign(app, {
		origin,
		statistics: () => pool.statistics(),
		close: async () => pool.close(),
	});
}

class Scripts {
	private readonly pool: FastCgiPool;
	private readonly settings: FastCgiSettings;
	private readonly kindOf: FileKind;

	constructor(pool: FastCgiPool, settings: FastCgiSettings) {
		this.pool = pool;
		this.settings = settings;
		this.kindOf = scriptFiles(settings.files);
	}

	/** `redirects`: how many scripts have sent us on. */
	answer(request: RawRequest, context: Context, redirects: number): Response | Promise<Response> {
		const target = pathAndQuery(request);
		if (target === null) return this.otherwise(request, context);
		const query = target.indexOf('?');
		const raw = query < 0 ? target : target.slice(0, query);
		const path = decodePath(raw);
		if (path === null) throw refused(request, 400);
		const resolved = resolveScript(path, this.settings, this.kindOf);
		if (resolved.kind === 'other') return this.otherwise(request, context);
		if (resolved.kind === 'folder') return slashed(request, context, raw, target.slice(raw.length));
		return this.run(request, context, target, resolved, redirects);
	}

	private run(
		request: RawRequest,
		context: Context,
		target: string,
		{ script, pathInfo }: Resolved & { kind: 'script' },
		redirects: number,
	): Response | Promise<Response> {
		const status = refusalOf(request.payload?.length, this.settings.requestBody);
		if (status !== null) throw refused(request, status);
		const answer = new Answer(this, request, context, redirects);
		new FastCgiExchange(this.pool, { request, context, target, script, pathInfo }, answer).begin();
		return answer;
	}

	private otherwise(request: RawRequest, context: Context): Response | Promise<Response> {
		const { otherwise } = this.settings;
		if (otherwise === null) throw refused(request, 404);
		return otherwise(request, context, context);
	}
}

class Answer extends PendingResponse implements FastCgiReceiver {
	private readonly scripts: Scripts;
	private readonly request: RawRequest;
	private readonly context: Context;
	private readonly redirects: number;

	constructor(scripts: Scripts, request: RawRequest, context: Context, redirects: number) {
		super();
		this.scripts = scripts;
		this.request = request;
		this.context = context;
		this.redirects = redirects;
	}

	received(response: OutgoingResponse): void {
		this.resolve(response);
	}

	failed(error: unknown): void {
		this.reject(error);
	}

	/** RFC 3875 section 6.2.2: as if the client had asked for it, which it may be told itself where that is not ours to answer. */
	redirected(to: string): void {
		const { request, context, redirects } = this;
		const target = belowMount(to, context.mount);
		if (target === null) return this.resolve(respond(302, { location: to }));
		if (redirects >= MOST_REDIRECTS)
			return this.reject(new UpstreamError('http_protocol_error', { details: 'REDIRECTS' }));
		const method = request.method === 'HEAD' ? 'HEAD' : 'GET';
		const fields = FieldList.of(request.fields);
		for (const name of ['content-type', 'content-length', 'content-encoding', 'transfer-encoding']) fields.delete(name);
		try {
			const next = derive(request, { method, target, form: 'origin', fields, payload: null });
			this.resolve(this.scripts.answer(next, context, redirects + 1));
		} catch (error) {
			this.reject(error);
		}
	}
}

/** The rest of a path of this server behind the mount, or null when it is not below it. */
function belowMount(path: string, mount: string): string | null {
	if (!path.startsWith(mount)) return null;
	const rest = path.slice(mount.length);
	if (rest === '' || rest.startsWith('?')) return `/${rest}`;
	return rest.startsWith('/') ? rest : null;
}

/** Path and query as they came; null for the targets that have none. */
function pathAndQuery({ target, form }: RawRequest): string | null {
	if (form === 'origin') return target;
	if (form !== 'absolute') return null;
	const rest = target.replace(/^[a-z][a-z0-9+.-]*:\/\/[^/?]*/i, '');
	return rest.startsWith('/') ? rest : `/${rest}`;
}

/** The status for a body of that length, if it is not taken; null is for an unknown length, undefined for no body. */
function refusalOf(length: number | null | undefined, { whole, most }: FastCgiRequestBody): number | null {
	// Who says the length can be served.
	if (length === null) return most === 0 && !whole ? 411 : null;
	return whole && length !== undefined && length > most ? 413 : null;
}

function refused(request: RawRequest, status: number): HttpError {
	const error = new HttpError(status);
	cancelPayload(request.payload, error);
	return error;
}

/** To the same path with its slash. Two slashes in front would begin the name of another host. */
function slashed(request: RawRequest, context: Context, path: string, query: string): OutgoingResponse {
	cancelPayload(request.payload);
	const location = (context.mount + path).replace(/^\/{2,}/, '/');
	return respond(308, { location: `${location}/${query}` });
}
