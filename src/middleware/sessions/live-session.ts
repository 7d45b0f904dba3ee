/** The session of one exchange: read when it is first asked for, kept when the app has answered. One that nobody asks for costs this object. */
import type { AnswerStep, RawRequest } from '../../convention/index.ts';
import type { Session } from '../keys.ts';
import { answerWith } from './answer.ts';
import { type Keeper, NOTHING } from './keeper.ts';
import { type SessionData, snapshot } from './session-data.ts';

const LONGEST_NAME = 256;

export class LiveSession implements Session, AnswerStep {
	private readonly keeper: Keeper;
	private readonly request: RawRequest;
	private loading: SessionData | null | Promise<SessionData | null> | undefined;
	private changes: Map<string, unknown> | null = null;
	private rotated = false;
	private destroyed = false;
	/** The head is on its way. */
	private over = false;

	constructor(keeper: Keeper, request: RawRequest) {
		this.keeper = keeper;
		this.request = request;
	}

	async get(name: string): Promise<unknown> {
		if (this.changes?.has(name)) return this.changes.get(name);
		if (this.destroyed) return undefined;
		const data = await this.load();
		// Whoever asked first may have changed it while this one waited.
		if (this.changes?.has(name)) return this.changes.get(name);
		return this.destroyed ? undefined : data?.values.get(name);
	}

	set(name: string, value: unknown): void {
		if (typeof name !== 'string' || name === '' || name.length > LONGEST_NAME)
			throw new TypeError(`The name of a session value must be text of 1 to ${LONGEST_NAME} characters`);
		this.change(name, snapshot(name, value));
	}

	delete(name: string): void {
		this.change(name, undefined);
	}

	rotate(): void {
		this.checkOpen();
		this.rotated = true;
	}

	destroy(): void {
		this.checkOpen();
		this.changes = null;
		this.rotated = false;
		this.destroyed = true;
	}

	answered(response: Response): Response | Promise<Response> {
		this.over = true;
		if (this.loading === undefined && this.changes === null && !this.rotated && !this.destroyed) return response;
		// What could not be kept was not done: then the answer that says so does not go out.
		return this.keep(response);
	}

	failed(error: unknown): never {
		this.over = true;
		throw error;
	}

	private keep(response: Response): Response | Promise<Response> {
		const held = this.destroyed ? null : this.load();
		return held instanceof Promise ? held.then((data) => this.settle(response, data)) : this.settle(response, held);
	}

	private settle(response: Response, held: SessionData | null): Response | Promise<Response> {
		const { changes, rotated, destroyed } = this;
		const draft = { changes: changes ?? NOTHING, rotated, destroyed };
		const line = this.keeper.keep(this.request.fields, held, draft);
		const personal = held !== null;
		if (!(line instanceof Promise)) return answerWith(response, line, personal);
		return line.then((kept) => answerWith(response, kept, personal));
	}

	private load(): SessionData | null | Promise<SessionData | null> {
		if (this.loading === undefined) this.loading = this.keeper.load(this.request.fields);
		return this.loading;
	}

	private change(name: string, value: unknown): void {
		this.checkOpen();
		this.changes ??= new Map();
		this.changes.set(name, value);
	}

	private checkOpen(): void {
		if (this.over) throw new Error('The session cannot be changed any more: the answer is on its way');
	}
}
