/**
 * What browsers are told about a site, on every answer: come by https, do not guess types, do not frame, keep apart. An app
 * that says so itself is right, unless `override`. Tunnels have no answer to say it in.
 */
import {
	type AnswerStep,
	type App,
	type Context,
	type Explanation,
	errorFields,
	type FieldNote,
	HttpError,
	type Layer,
	layer,
	type RawRequest,
	raw,
	rawResponse,
	whenAnswered,
	withOwnFields,
} from '../../convention/index.ts';
import { FieldLine, type FieldList, tagOf } from '../../fields/index.ts';
import { client } from '../keys.ts';
import { makeNonce, nonce } from './nonce.ts';
import { type Row, type SecurityHeadersOptions, type Settings, settingsOf } from './options.ts';

/** With `nonce`, everything within may rely on it. Throws TypeError or RangeError for options that cannot be meant. */
export function securityHeaders(options: SecurityHeadersOptions & { readonly nonce: true }): Layer<typeof nonce>;
export function securityHeaders(options?: SecurityHeadersOptions): Layer;
export function securityHeaders(options: SecurityHeadersOptions = {}): Layer | Layer<typeof nonce> {
	const settings = settingsOf(options);
	const step = new Step(settings);
	const note = {
		name: 'securityHeaders',
		proves: settings.nonce ? [nonce] : [],
		explain: (request: RawRequest, context: Context): Explanation => explain(settings, request, context),
	};
	return layer(note, (next: App): App => {
		if (!settings.nonce) return (request, context) => whenAnswered(next, request, context, step);
		return (request, context) => {
			context.set(nonce, makeNonce());
			return whenAnswered(next, request, context, step);
		};
	});
}

const lineOf = ({ name, value }: Row): FieldLine => new FieldLine(tagOf(name), name, value);

/** RFC 6797 section 7.2: never said over anything but https. A trusted proxy knows better than our own socket. */
const isSecure = (request: Request, context: Context): boolean =>
	(context.get(client)?.scheme ?? raw(request).scheme) === 'https';

class Step implements AnswerStep {
	private readonly settings: Settings;
	private readonly lines: readonly FieldLine[];
	private readonly secure: FieldLine | null;
	/** The policy, where it is the same for every page. */
	private readonly nonced: Settings['policy'];

	constructor(settings: Settings) {
		this.settings = settings;
		const { rows, policy, secure } = settings;
		const fixed = policy !== null && policy.parts.length === 1;
		const lines = rows.map(lineOf);
		if (fixed) lines.push(lineOf({ name: policy.name, value: policy.parts.join(''), source: '' }));
		this.lines = lines;
		this.nonced = fixed ? null : policy;
		this.secure = secure === null ? null : lineOf(secure);
	}

	answered(response: Response, request: Request, context: Context): Response {
		// A nonce is one page's; everything else is the same each time.
		const message = this.nonced === null ? rawResponse(response) : withOwnFields(response);
		if (message.tunnel === undefined) this.write(message.fields, request, context, this.settings.override);
		return message;
	}

	failed(error: unknown, request: Request, context: Context): never {
		const fields = errorFields(error, context);
		this.write(fields, request, context, this.settings.override);
		const own = error instanceof HttpError && !this.settings.override ? error.fields : null;
		if (own !== null) for (const [name] of own) fields.delete(name);
		throw error;
	}

	private write(fields: FieldList, request: Request, context: Context, override: boolean): void {
		const { remove } = this.settings;
		for (const name of remove) fields.delete(name);
		for (const line of this.lines) put(fields, line, override);
		if (this.secure !== null && isSecure(request, context)) put(fields, this.secure, override);
		if (this.nonced === null) return;
		const { name, parts } = this.nonced;
		put(fields, lineOf({ name, value: parts.join(`'nonce-${context.get(nonce)}'`), source: '' }), override);
	}
}

function put(fields: FieldList, line: FieldLine, override: boolean): void {
	if (fields.has(line.name)) {
		if (!override) return;
		fields.delete(line.name);
	}
	fields.pushLine(line);
}

const sourceOf = (name: string): string =>
	name.toLowerCase() === 'server' ? 'RFC 9110 section 10.2.4' : 'in use, specified nowhere';

function explain(settings: Settings, request: RawRequest, context: Context): Explanation {
	if (context.offers.length > 0)
		return {
			does: ['Leaves a tunnel alone; a refusal of one is an answer like others.', 'Passes the request on as it is.'],
		};
	const { rows, policy, remove, override } = settings;
	const secure = settings.secure !== null && isSecure(request, context) ? [settings.secure] : [];
	const value = policy?.parts.join("'nonce-…'") ?? '';
	const source = 'Content Security Policy Level 3 section 3.1';
	const all = policy === null ? [...rows, ...secure] : [...rows, ...secure, { name: policy.name, value, source }];
	const set = all.map((row): FieldNote => ({ what: override ? 'sets' : 'adds', on: 'response', ...row }));
	const removed = remove.map((name): FieldNote => ({ what: 'removes', name, on: 'response', source: sourceOf(name) }));
	const does = [override ? 'Replaces what the app says of these fields.' : 'Adds these fields where the app has none.'];
	does.push(settings.nonce ? 'Passes the request on, with a nonce for the page.' : 'Passes the request on as it is.');
	return { does, fields: [...removed, ...set] };
}
