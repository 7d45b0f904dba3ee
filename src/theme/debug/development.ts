/**
 * A theme in development: pages are followed by a script that reloads them when the theme has changed and shows what is
 * wrong with it, and two paths of ours answer that script. Nothing of this is there otherwise.
 */
import { type App, type Context, type RawRequest, raw, rawResponse, respond } from '../../convention/index.ts';
import type { Page, PageFacts, PageResult } from '../http/index.ts';
import type { Plan } from '../plan/index.ts';
import { faultsOf } from './broken.ts';
import { atEnd, CLIENT_SCRIPT, type ClientData, clientMarkup } from './client.ts';
import { ClientPage } from './client-page.ts';
import { scriptLeave } from './content-policy.ts';
import type { DebugReport } from './debug-report.ts';
import { EventStream, type EventStreamOptions } from './event-stream.ts';

export interface DevelopmentOptions extends Omit<EventStreamOptions, 'state'> {
	/** Where events come from. Default: `/.turnabout/theme-events`. */
	readonly path?: string;
	/** What the names of the theme's files begin with: nobody needs to see it. Default: ''. */
	readonly folder?: string;
	/** The plan as it is now. */
	readonly plan: () => Plan;
	/** What is wrong with the files as they are now, or null. */
	readonly failure: () => unknown;
}

const PATH = '/.turnabout/theme-events';
const NO_STORE = { 'Cache-Control': 'no-store', 'X-Content-Type-Options': 'nosniff' };

export class Development {
	private readonly path: string;
	private readonly stream: EventStream;
	private readonly options: DevelopmentOptions;
	/** What responses under way say about scripts. */
	private readonly policies: WeakMap<Context, string> = new WeakMap();

	/** Throws RangeError for what is no path. */
	constructor(options: DevelopmentOptions) {
		this.path = options.path ?? PATH;
		if (!/^\/[^?#\s]*$/.test(this.path)) throw new RangeError(`Not a path: ${JSON.stringify(this.path)}`);
		this.options = options;
		this.stream = new EventStream({ ...options, state: () => this.state() });
	}

	/** A file's name, seen from the theme's folder. */
	readonly shown = (name: string): string => {
		const { folder = '' } = this.options;
		return name.startsWith(folder) ? name.slice(folder.length) : name;
	};

	/** How many browsers listen. */
	get listeners(): number {
		return this.stream.size;
	}

	/** Tells all browsers how things stand. */
	tell(): void {
		this.stream.tell();
	}

	close(): void {
		this.stream.close();
	}

	/** The app with our own paths before it. */
	before(app: App): App {
		return (request, context, execution) => this.answer(raw(request)) ?? app(request, context, execution);
	}

	/** The app, with what its responses say about scripts remembered. */
	observed(app: App): App {
		return async (request, context, execution) => {
			const response = await app(request, context, execution);
			const policies = rawResponse(response).fields.get('content-security-policy');
			if (policies !== null) this.policies.set(context, policies);
			return response;
		};
	}

	/** A page, and the client behind it. `report`: asked when the page has ended. */
	page(page: Page, plan: Plan, { exchange: { context } }: PageFacts, report: () => DebugReport | null): Page {
		const data = (result: PageResult): ClientData => this.data(plan, context, withWarnings(report(), result));
		return new ClientPage({ page, data, policies: this.policies.get(context) ?? null, file: this.file(context) });
	}

	/** The theme without content, and the client behind it. */
	bare(html: string, plan: Plan, { exchange: { context } }: PageFacts): string {
		return atEnd(html, clientMarkup(this.data(plan, context, null), scriptLeave(null), this.file(context)));
	}

	private data(plan: Plan, context: Context, report: DebugReport | null): ClientData {
		return { events: context.mount + this.path, revision: plan.revision, report };
	}

	private file(context: Context): string {
		return `${context.mount}${this.path}.js`;
	}

	private state(): { event: string; data: unknown } {
		const { revision } = this.options.plan();
		const failure = this.options.failure();
		if (failure === null) return { event: 'changed', data: { revision } };
		return { event: 'broken', data: { revision, faults: faultsOf(failure, this.shown) } };
	}

	private answer({ method, target, form }: RawRequest): Response | null {
		const [path] = form === 'origin' ? target.split('?', 1) : [''];
		if ((method !== 'GET' && method !== 'HEAD') || path === undefined || !path.startsWith(this.path)) return null;
		if (path === `${this.path}.js`) {
			const fields = { ...NO_STORE, 'Content-Type': 'text/javascript;charset=utf-8' };
			return respond(200, fields, method === 'HEAD' ? null : CLIENT_SCRIPT);
		}
		if (path !== this.path) return null;
		const fields = { ...NO_STORE, 'Content-Type': 'text/event-stream', 'X-Accel-Buffering': 'no' };
		if (method === 'HEAD') return respond(200, fields, null);
		const source = this.stream.open();
		if (source !== null) return respond(200, fields, source);
		return respond(503, { ...NO_STORE, 'Retry-After': '5' }, null);
	}
}

function withWarnings(report: DebugReport | null, { warnings }: PageResult): DebugReport | null {
	return report === null ? null : { ...report, warnings: [...warnings, ...report.warnings] };
}
