/**
 * Against requests that other sites make a browser send with our cookies: those that change something, and upgrades, must
 * come from our own pages. The browser says where they come from, in Sec-Fetch-Site (Fetch Metadata) or Origin (RFC 6454
 * section 7); no token is needed in forms.
 */
import {
	type App,
	type Context,
	type Explanation,
	HttpError,
	type Layer,
	layer,
	type RawRequest,
	raw,
	statusLine,
} from '../../convention/index.ts';
import { client, session } from '../keys.ts';
import { type CsrfOptions, type CsrfSettings, settingsOf } from './options.ts';

/** RFC 9110 section 9.2.1. */
const SAFE: ReadonlySet<string> = new Set(['GET', 'HEAD', 'OPTIONS', 'TRACE']);

const NEED = {
	key: session,
	because:
		"put sessions(...) around it, whose cookies it protects; or say cookies: 'foreign' when the app behind has cookies of its own",
};

/**
 * A layer that answers 403 to what another site has sent. Throws TypeError with the option's name and the reason.
 */
export function csrf(options: CsrfOptions & { readonly cookies: 'foreign' }): Layer;
export function csrf(options?: CsrfOptions & { readonly cookies?: 'own' }): Layer<never, typeof session>;
export function csrf(options: CsrfOptions = {}): Layer | Layer<never, typeof session> {
	const settings = settingsOf(options);
	const wrap =
		(next: App): App =>
		(request, context) => {
			const message = raw(request);
			if (isHarmless(message, context)) return next(request, context, context);
			const reason = refusal(settings, message, context);
			if (reason !== null) throw new HttpError(403, { message: reason });
			return next(request, context, context);
		};
	const explain = (request: RawRequest, context: Context): Explanation => explanation(settings, request, context);
	const needs = settings.foreign ? [] : [NEED];
	return layer<never, typeof session>({ name: 'csrf', needs, explain }, wrap);
}

/** Any site may open a WebSocket to ours, with our cookies, and read what comes: an upgrade is never harmless (RFC 6455 section 10.2). */
function isHarmless({ method }: RawRequest, { offers }: Context): boolean {
	return SAFE.has(method) && offers.length === 0;
}

/** Why the request is refused, or null when it is not. Nothing of the request is in it. */
function refusal({ trust, allowMissing }: CsrfSettings, request: RawRequest, context: Context): string | null {
	const { fields } = request;
	const site = fields.get('sec-fetch-site');
	if (site === 'same-origin' || site === 'none') return null;
	const origin = fields.get('origin');
	if (origin !== null && trust.has(origin)) return null;
	if (site !== null) return 'Another site has sent this request: Sec-Fetch-Site says so';
	if (origin === null) {
		return allowMissing ? null : 'It cannot be told which site has sent this request: it has no Origin';
	}
	if (origin === ownOrigin(request, context)) return null;
	return 'Another site has sent this request: its Origin is not this one';
}

let lastScheme = '';
let lastAuthority = '';
let lastOrigin: string | null = null;

/** This server's origin as the client sees it, or null when its Host makes none. Most requests name the same: the last is kept. */
function ownOrigin(request: RawRequest, context: Context): string | null {
	const from = context.get(client);
	const scheme = from?.scheme ?? request.scheme;
	const authority = from?.host ?? request.authority;
	if (scheme === lastScheme && authority === lastAuthority) return lastOrigin;
	const url = `${scheme}://${authority}`;
	const valid = authority !== '' && !/[/\\?#@\s]/.test(authority) && URL.canParse(url);
	lastOrigin = valid ? new URL(url).origin : null;
	lastScheme = scheme;
	lastAuthority = authority;
	return lastOrigin;
}

function explanation(settings: CsrfSettings, request: RawRequest, context: Context): Explanation {
	if (isHarmless(request, context)) return passing('The method is safe, and no upgrade is asked for.');
	const reason = refusal(settings, request, context);
	if (reason !== null) return { does: [], answers: statusLine(403, reason) };
	const { fields } = request;
	if (!fields.has('sec-fetch-site') && !fields.has('origin'))
		return passing('It cannot be told which site has sent the request, and `allowMissing` lets it in.');
	return passing('The request comes from our own pages, or from where it may.');
}

function passing(why: string): Explanation {
	return { does: [why, 'Passes the request on as it is.'] };
}
