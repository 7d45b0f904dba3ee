/**
 * Cross-origin resource sharing (Fetch standard, section 3.2): who may read an answer from a page of another origin. It says
 * what browsers are to allow and keeps nobody out: whoever is not a browser reads what he likes. Preflights are answered here.
 * Answers and errors of everything within carry the fields, and those that the app set itself are replaced: one place decides.
 */
import {
	type AnswerStep,
	type App,
	type Context,
	type Explanation,
	errorFields,
	type Layer,
	type LayerNote,
	layer,
	type RawRequest,
	raw,
	rawResponse,
	respond,
	whenAnswered,
	withOwnFields,
} from '../../convention/index.ts';
import { addVary, FieldLine, FieldList, tags, UNKNOWN } from '../../fields/index.ts';
import { identity } from '../keys.ts';
import { explainCors } from './explain.ts';
import { type CorsOptions, type Settings, settingsOf } from './options.ts';
import { isOrigin, Origins } from './origins.ts';

/** Throws TypeError or RangeError for options that cannot be meant, with the option's name. */
export function cors(options: CorsOptions): Layer {
	const rule = new Rule(settingsOf(options));
	const note: LayerNote = {
		name: 'cors',
		refuses,
		explain: (request, context): Explanation => explainCors(rule.settings, request, context),
	};
	return layer(
		note,
		(next: App): App =>
			(request, context) =>
				rule.handle(next, raw(request), context),
	);
}

function refuses(outer: readonly LayerNote[]): string | null {
	if (outer.some(({ name }) => name === 'cors')) {
		return 'another cors stands around it and answers every preflight: leave one of them out';
	}
	const guard = outer.find(({ proves = [] }) => proves.includes(identity));
	if (guard === undefined) return null;
	return `preflights carry no credentials, and ${guard.name} would refuse them: put cors around it`;
}

const VARY = ['Origin'];
const VARY_LINE = new FieldLine(tags.vary, 'Vary', 'Origin');
/** What an app says itself about who may read. */
const SAID = ['access-control-allow-origin', 'access-control-allow-credentials', 'access-control-expose-headers'];
const REFUSED = 'Pages of this origin may not read from here.\n';

const line = (name: string, value: string): FieldLine => new FieldLine(UNKNOWN, name, value);

class Rule {
	readonly settings: Settings;
	/** Added to every answer that may be read, behind Access-Control-Allow-Origin. */
	private readonly always: readonly FieldLine[];
	private readonly preflights: readonly FieldLine[];
	private readonly everybody: Marks;
	private readonly nobody: Marks;

	constructor(settings: Settings) {
		this.settings = settings;
		const { credentials, expose, methods, headers, maxAge } = settings;
		const shared = credentials ? [line('Access-Control-Allow-Credentials', 'true')] : [];
		this.always = expose === '' ? shared : [...shared, line('Access-Control-Expose-Headers', expose)];
		const permits = [...shared, line('Access-Control-Allow-Methods', methods)];
		if (headers !== '') permits.push(line('Access-Control-Allow-Headers', headers));
		this.preflights = [...permits, line('Access-Control-Max-Age', maxAge)];
		this.everybody = new Marks([line('Access-Control-Allow-Origin', '*'), ...this.always], false);
		this.nobody = new Marks([], true);
	}

	handle(next: App, request: RawRequest, context: Context): Response | Promise<Response> {
		if (request.method === 'CONNECT') return next(request, context, context);
		const { origins } = this.settings;
		const origin = request.fields.get('origin');
		if (origins === null) return this.proceed(next, request, context, origin, this.everybody);
		if (origin === null) return whenAnswered(next, request, context, this.nobody);
		if (origins instanceof Origins) {
			return this.proceed(next, request, context, origin, this.marksFor(origins.has(origin), origin));
		}
		if (!isOrigin(origin)) return this.proceed(next, request, context, origin, this.nobody);
		const allowed = origins(origin, request, context);
		if (!(allowed instanceof Promise)) {
			return this.proceed(next, request, context, origin, this.marksFor(allowed, origin));
		}
		return allowed.then((late) => this.proceed(next, request, context, origin, this.marksFor(late, origin)));
	}

	/** Anything but `true` is no: a promise of another library, say. */
	private marksFor(allowed: unknown, origin: string): Marks {
		if (allowed !== true) return this.nobody;
		return new Marks([line('Access-Control-Allow-Origin', origin), ...this.always], true);
	}

	private proceed(
		next: App,
		request: RawRequest,
		context: Context,
		origin: string | null,
		marks: Marks,
	): Response | Promise<Response> {
		if (origin === null || !isPreflight(request)) return whenAnswered(next, request, context, marks);
		return this.preflight(request, origin, marks);
	}

	private preflight(request: RawRequest, origin: string, marks: Marks): Response {
		if (marks === this.nobody) return respond(403, { Vary: 'Origin' }, REFUSED);
		const everybody = marks === this.everybody;
		const fields = FieldList.empty();
		fields.pushLine(line('Access-Control-Allow-Origin', everybody ? '*' : origin));
		for (const permit of this.preflights) fields.pushLine(permit);
		if (this.settings.privateNetwork && request.fields.get('access-control-request-private-network') === 'true') {
			fields.pushLine(line('Access-Control-Allow-Private-Network', 'true'));
		}
		if (!everybody) fields.pushLine(VARY_LINE);
		return respond(204, fields);
	}
}

/** Fetch standard, section 4.8: OPTIONS with both fields; without them it is a request like any other. */
function isPreflight({ method, fields }: RawRequest): boolean {
	return method === 'OPTIONS' && fields.has('access-control-request-method');
}

/** What is said in an answer about who may read it. */
class Marks implements AnswerStep {
	private readonly lines: readonly FieldLine[];
	/** Whether somebody else would get another answer. */
	private readonly varies: boolean;

	constructor(lines: readonly FieldLine[], varies: boolean) {
		this.lines = lines;
		this.varies = varies;
	}

	answered(response: Response): Response {
		const message = rawResponse(response);
		// A tunnel is no answer that a page could read; WebSockets know their own rules about Origin.
		if (message.tunnel !== undefined) return message;
		const own = withOwnFields(message);
		this.mark(own.fields);
		return own;
	}

	failed(error: unknown, _request: Request, context: Context): never {
		this.mark(errorFields(error, context));
		throw error;
	}

	private mark(fields: FieldList): void {
		for (const name of SAID) if (fields.has(name)) fields.delete(name);
		for (const one of this.lines) fields.pushLine(one);
		if (!this.varies) return;
		if (fields.hasTagged(tags.vary)) addVary(fields, VARY);
		else fields.pushLine(VARY_LINE);
	}
}
