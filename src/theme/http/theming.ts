/**
 * A page gets its theme. It is collected until it is sure what becomes of it, and its head is written then; until the first
 * byte has left, whatever goes wrong costs the theme alone, and the original goes out.
 */

import { type Coding, chosen, encoded } from '../../coding/index.ts';
import { cancelPayload, errorVerdict, OutgoingResponse, type Payload } from '../../convention/index.ts';
import { type Content, contentOf } from './content.ts';
import { FlowingPage } from './flowing-page.ts';
import { Interruption } from './interruption.ts';
import type { Settings, ThemeLogEntry } from './options.ts';
import { describeBody } from './page-fields.ts';
import { PageRun, type Start } from './page-run.ts';
import { markPage, report } from './response-marks.ts';
import { reasonOf, reasons, Skip } from './skip.ts';
import type { Page, PageResult } from './themer.ts';
import type { Visit } from './visit.ts';

/** Thrown when the content ended too early and nothing has left yet: as if it had never come. */
export class ContentFailed extends Error {
	override readonly name = 'ContentFailed';
}

/** What a page has become, before anything was done about it. */
interface Ready {
	readonly start: Start;
	/** What it leaves in. */
	readonly coding: Coding | null;
	/** The whole page in that coding. */
	readonly bytes: Uint8Array | null;
}

const encoder = new TextEncoder();

export class Theming {
	private readonly visit: Visit;
	private readonly settings: Settings;
	private readonly response: OutgoingResponse;
	private readonly coding: Coding | null;

	/** `coding`: what the content is in. */
	constructor(visit: Visit, settings: Settings, response: OutgoingResponse, coding: Coding | null) {
		this.visit = visit;
		this.settings = settings;
		this.response = response;
		this.coding = coding;
	}

	/** Rejects with ContentFailed, and with what has closed the exchange. The payload is taken over in any case. */
	async run(page: Page): Promise<OutgoingResponse> {
		const { response, settings, visit } = this;
		const { payload } = response;
		if (payload === null) return response;
		const length = typeof payload === 'string' ? payload.length : (payload.length ?? 0);
		if (length > settings.maxBytes) return this.skipped(new Skip('bytes'), payload);
		const content = contentOf(payload, settings.maxBytes, visit.themer.streams);
		const run = new PageRun({
			page,
			content,
			coding: this.coding,
			contentType: response.fields.get('content-type') ?? '',
			defaultCharset: settings.defaultCharset,
			maxBytes: settings.maxBytes,
			streams: visit.themer.streams,
		});
		const interruption = new Interruption(visit.context, settings.timeout);
		let ready: Ready;
		try {
			ready = await interruption.race(this.prepared(run));
		} catch (error) {
			run.destroy();
			if (!interruption.closed && !content.intake?.failedWith(error)) return this.skipped(error, content.original);
			cancelPayload(content.original, error);
			throw interruption.closed ? error : new ContentFailed('The content was cut short', { cause: error });
		} finally {
			interruption.over();
		}
		return this.respond(ready, run, content);
	}

	/** All that takes time. It changes nothing, since it may come too late. */
	private async prepared(run: PageRun): Promise<Ready> {
		const start = await run.begin();
		const coding = outgoingCoding(this.visit, this.settings, this.coding);
		if (start.kind === 'flow' || !start.result.themed || coding === null) return { start, coding, bytes: null };
		return { start, coding, bytes: await encoded(coding, encoder.encode(start.result.text)) };
	}

	private respond({ start, coding, bytes }: Ready, run: PageRun, content: Content): OutgoingResponse {
		if (start.kind === 'flow') return this.themed(this.flow(start, coding, run, content), coding);
		this.warn(start.result);
		if (!start.result.themed) return this.passed(content.original);
		cancelPayload(content.original);
		// Encoding is quicker than asking a long string how many bytes it has.
		return this.themed(bytes ?? encoder.encode(start.result.text), coding);
	}

	private flow(start: Start & { kind: 'flow' }, coding: Coding | null, run: PageRun, content: Content): FlowingPage {
		content.intake?.commit();
		return new FlowingPage({
			first: start.first,
			rest: start.rest,
			coding,
			failed: (error) => {
				if (!content.intake?.failedWith(error)) this.log('error', 'The theme failed in the middle of a page', error);
			},
			ended: (result) => this.warn(result),
			cancelled: (reason) => {
				run.destroy();
				content.intake?.cancel(reason);
			},
		});
	}

	private themed(payload: Payload, coding: Coding | null): OutgoingResponse {
		const { response, settings, visit } = this;
		describeBody(response.fields, settings.contentType, coding);
		markPage(response.fields, visit, settings, 'themed');
		return new OutgoingResponse(response.status, response.fields, payload, { reason: response.reason });
	}

	/** By the rules: the same bytes, and they stay so as long as the rules do. */
	private passed(payload: Payload): OutgoingResponse {
		const { response, settings, visit } = this;
		markPage(response.fields, visit, settings, 'passed');
		report(response.fields, settings, 'rules');
		return this.withPayload(payload);
	}

	private skipped(error: unknown, payload: Payload): OutgoingResponse {
		const { response, settings, visit } = this;
		const reason = reasonOf(error);
		const { limit, level, message } = reasons[reason];
		if (level !== null) this.log(level, message, error);
		markPage(response.fields, visit, settings, 'skipped');
		report(response.fields, settings, reason, limit);
		return this.withPayload(payload);
	}

	private withPayload(payload: Payload): OutgoingResponse {
		const { response } = this;
		if (payload === response.payload) return response;
		return new OutgoingResponse(response.status, response.fields, payload, response);
	}

	private warn({ warnings }: PageResult): void {
		for (const warning of warnings) this.log('warn', warning, null);
	}

	private log(level: ThemeLogEntry['level'], message: string, error: unknown): void {
		logFor(this.visit, this.settings, level, message, error);
	}
}

/** The coding that a themed page leaves in, when its content came in `coding`. */
export function outgoingCoding({ request }: Visit, { encode }: Settings, coding: Coding | null): Coding | null {
	if (encode === 'never' || (encode === 'as-upstream' && coding === null)) return null;
	return chosen(request.fields.get('accept-encoding'), coding);
}

/** One line for the log; the error's own words follow. */
export function logFor(
	{ request }: Visit,
	settings: Settings,
	level: ThemeLogEntry['level'],
	message: string,
	error: unknown,
): void {
	const path = request.target.split('?', 1)[0] as string;
	const details = error instanceof Error && error.message !== message ? `: ${error.message}` : '';
	settings.log({ level, message: message + details, request: `${request.method} ${path}`, error });
}

/** As the engine would have logged it, had it been left to it. */
export function logExcused(visit: Visit, settings: Settings, error: unknown): void {
	const { level } = errorVerdict(error);
	logFor(visit, settings, level === 'warn' ? 'warn' : 'error', 'There is no content', error);
}
