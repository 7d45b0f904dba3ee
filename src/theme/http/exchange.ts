/**
 * One request and its response. What needs no theme is handed on at once and as it is, a promise only where there was one;
 * what could be a page goes to theming.ts, and what is missing is excused by a page of ours.
 */

import { type Coding, codingOf, encoded } from '../../coding/index.ts';
import {
	type App,
	type Context,
	cancelPayload,
	errorResponse,
	OutgoingResponse,
	PendingResponse,
	type ResponseTaker,
	rawResponse,
} from '../../convention/index.ts';
import { addVary, FieldList } from '../../fields/index.ts';
import { exceptionOf, isEmpty } from './eligible.ts';
import { canExcuse, excusable, failurePage, isDead } from './failure-page.ts';
import { Interruption } from './interruption.ts';
import type { Settings } from './options.ts';
import { describeBody, mapFields } from './page-fields.ts';
import { markNotModified, markPage, report, varyOf } from './response-marks.ts';
import { reasonOf, reasons } from './skip.ts';
import type { Page } from './themer.ts';
import { ContentFailed, logExcused, logFor, outgoingCoding, Theming } from './theming.ts';
import { factsOf, type Visit } from './visit.ts';

const encoder = new TextEncoder();

export class ThemedExchange {
	private readonly visit: Visit;
	private readonly settings: Settings;

	constructor(visit: Visit, settings: Settings) {
		this.visit = visit;
		this.settings = settings;
	}

	/** `request`: the one for the app. */
	ask(app: App, request: Request, execution: Context | undefined): Response | Promise<Response> {
		let answer: Response | Promise<Response>;
		try {
			answer = app(request, this.visit.context, execution);
		} catch (error) {
			return this.refused(error);
		}
		if (answer instanceof PendingResponse) {
			const relay = new Relay(this);
			answer.deliver(relay);
			return relay;
		}
		if (!isPromise(answer)) return this.answered(answer);
		return answer.then(
			(response) => this.answered(response),
			(error: unknown) => this.refused(error),
		);
	}

	/** There is a response. */
	answered(response: Response): Response | Promise<Response> {
		const message = rawResponse(response);
		try {
			const judged = this.judge(message);
			return judged === false ? response : judged;
		} catch (error) {
			cancelPayload(message.payload, error);
			throw error;
		}
	}

	/** There is none. Throws what there was to throw, when it cannot be excused. */
	refused(error: unknown): Promise<Response> {
		const status = excusable(error);
		if (status === null || !canExcuse(this.visit, this.settings)) throw error;
		const fields = errorResponse(error, this.visit.context)?.fields ?? FieldList.empty();
		if (!fields.has('cache-control')) fields.append('Cache-Control', 'no-store');
		return this.excused(status, fields).then((page) => {
			if (page === null) throw error;
			logExcused(this.visit, this.settings, error);
			return page;
		});
	}

	/** False: nothing has changed, not even a field. */
	private judge(message: OutgoingResponse): OutgoingResponse | Promise<Response> | false {
		const { visit, settings } = this;
		const { fields, status } = message;
		const { links } = visit.themer;
		const mapped = links?.inFields === true && mapFields(fields, links);
		if (status === 304) return markNotModified(fields, visit, settings) || mapped ? message : false;
		if (isDead(message, visit.request.method) && canExcuse(visit, settings)) return this.excuseDead(message);
		const exception = exceptionOf(message);
		const empty = visit.request.method !== 'HEAD' && isEmpty(message);
		if (exception !== null || empty) {
			return report(fields, settings, exception ?? 'empty') || mapped ? message : false;
		}
		if (!visit.page) return this.pass(message, 'request');
		const page = this.begin(message);
		if (typeof page === 'string') return this.pass(message, page);
		const coding = codingOf(fields) ?? null;
		if (visit.request.method === 'HEAD') return this.withoutBody(message, coding);
		return this.theme(message, page, coding);
	}

	private pass(message: OutgoingResponse, reason: string): OutgoingResponse {
		const { visit, settings } = this;
		markPage(message.fields, visit, settings, reason === 'error' ? 'skipped' : 'passed');
		report(message.fields, settings, reason);
		return message;
	}

	/** The page, or why there is none. */
	private begin({ status }: OutgoingResponse): Page | string {
		const { visit, settings } = this;
		try {
			return visit.themer.begin(factsOf(visit, status)) ?? 'rules';
		} catch (error) {
			logFor(visit, settings, 'error', reasons.error.message, error);
			return 'error';
		}
	}

	/** The fields that a GET would have got, as far as they can be known (RFC 9110 section 9.3.2). */
	private withoutBody(message: OutgoingResponse, coding: Coding | null): OutgoingResponse {
		const { visit, settings } = this;
		const { status, fields, reason, payload } = message;
		describeBody(fields, settings.contentType, outgoingCoding(visit, settings, coding));
		markPage(fields, visit, settings, 'themed');
		// Its length would be taken for that of the page.
		cancelPayload(payload);
		return new OutgoingResponse(status, fields, null, { reason });
	}

	private async theme(message: OutgoingResponse, page: Page, coding: Coding | null): Promise<Response> {
		try {
			return await new Theming(this.visit, this.settings, message, coding).run(page);
		} catch (error) {
			if (error instanceof ContentFailed) return await this.refused(error.cause);
			throw error;
		}
	}

	private async excuseDead(message: OutgoingResponse): Promise<Response> {
		const { status, fields, reason, payload } = message;
		const excuse = FieldList.from(fields).copy();
		for (const name of ['content-encoding', 'etag', 'last-modified']) excuse.delete(name);
		let page: OutgoingResponse | null = null;
		try {
			page = await this.excused(status, excuse, reason);
		} catch (error) {
			cancelPayload(payload, error);
			throw error;
		}
		if (page === null) return message;
		cancelPayload(payload);
		return page;
	}

	/** A page of ours for a status, with these fields; null when there is no theme for it. Rejects when the client has gone. */
	private async excused(
		status: number,
		fields: FieldList,
		reason: string | null = null,
	): Promise<OutgoingResponse | null> {
		const { visit, settings } = this;
		const interruption = new Interruption(visit.context, settings.timeout);
		try {
			const facts = factsOf(visit, status);
			const page = visit.themer.begin(facts);
			const made = page === null ? null : failurePage(page, visit.themer, facts, settings);
			const text = made === null ? null : await interruption.race(made);
			if (text === null) return null;
			const coding = outgoingCoding(visit, settings, null);
			describeBody(fields, settings.contentType, coding);
			addVary(fields, ['Accept', ...varyOf(visit, settings)]);
			const body = coding === null ? text : await encoded(coding, encoder.encode(text));
			return new OutgoingResponse(status, fields, visit.request.method === 'HEAD' ? null : body, { reason });
		} catch (error) {
			if (interruption.closed) throw error;
			logFor(visit, settings, reasons[reasonOf(error)].level ?? 'error', 'The theme failed on an error page', error);
			return null;
		} finally {
			interruption.over();
		}
	}
}

/** The answer to an app that answers without a promise: a proxy's responses need no turn of the microtask queue. */
class Relay extends PendingResponse implements ResponseTaker {
	private readonly exchange: ThemedExchange;

	constructor(exchange: ThemedExchange) {
		super();
		this.exchange = exchange;
	}

	responded(response: Response): void {
		this.settleWith(() => this.exchange.answered(response));
	}

	refused(error: unknown): void {
		this.settleWith(() => this.exchange.refused(error));
	}

	private settleWith(answer: () => Response | Promise<Response>): void {
		try {
			this.resolve(answer());
		} catch (error) {
			this.reject(error);
		}
	}
}

function isPromise(response: Response | Promise<Response>): response is Promise<Response> {
	return typeof (response as Promise<Response> | null)?.then === 'function';
}
