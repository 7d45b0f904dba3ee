/**
 * An id for every request: under a key for layers, apps and logs, in a field for upstreams, and in the same field of the
 * response for whoever asks what became of it. The order matters: it stands around `errors`, so that error pages carry it.
 */
import {
	type AnswerStep,
	type App,
	type Context,
	type Explanation,
	type Layer,
	type LayerNote,
	layer,
	type RawRequest,
	raw,
	whenAnswered,
	withOwnFields,
} from '../../convention/index.ts';
import { FieldLine, FieldList, type Fields, UNKNOWN } from '../../fields/index.ts';
import { requestId as idKey } from '../keys.ts';
import { newId } from './new-id.ts';
import { type RequestIdOptions, type RequestIdSettings, requestIdSettings } from './options.ts';

const IN_USE = 'in use, specified nowhere';

/** Every character is one that logs, fields and pages can hold as it is. */
const SANE = /^[\w.~:=+/@-]{1,128}$/;

/**
 * Gives each request an id: a new one, or what a client that is trusted has sent. Whatever else a request says in that
 * field is removed. Throws TypeError with the option's name and the reason.
 */
export function requestId(options: RequestIdOptions = {}): Layer<typeof idKey> {
	const ids = new Ids(requestIdSettings(options));
	const note: LayerNote = {
		name: 'requestId',
		proves: [idKey],
		refuses: (outer) => {
			const [errors, around] = ['errors', 'requestId'].map((name) => outer.findIndex((one) => one.name === name));
			if (errors === -1 || (around !== -1 && (around as number) < (errors as number))) return null;
			return 'stands within errors, whose answers would not carry the id; put requestId around errors';
		},
		explain: (request, context) => ids.explain(request, context),
	};
	return layer(note, (next) => ids.wrap(next));
}

class Ids implements AnswerStep {
	private readonly settings: RequestIdSettings;

	constructor(settings: RequestIdSettings) {
		this.settings = settings;
	}

	wrap(next: App): App {
		return (given, context) => {
			const request = raw(given);
			// One request has one id, however many layers there are.
			const id = context.get(idKey) ?? this.given(request, context) ?? newId();
			context.set(idKey, id);
			// Fields may be edited (rule 10): who is given the request reads them, and nobody pays for a second one.
			this.mark(request.fields, id);
			return whenAnswered(next, given, context, this);
		};
	}

	answered(response: Response, _: Request, context: Context): Response {
		const message = withOwnFields(response);
		this.mark(message.fields, context.get(idKey) as string);
		return message;
	}

	explain(request: RawRequest, context: Context): Explanation {
		const { field } = this.settings;
		const id = this.given(request, context);
		const does =
			id === null
				? `Gives the request an id of its own${request.fields.has(field) ? `, whatever ${field} says` : ''}.`
				: `Takes over the id that ${field} says.`;
		const value = id === null ? {} : { value: id };
		return {
			does: [does, 'Passes the request on, with the id.'],
			fields: [
				{ what: 'sets', name: field, ...value, on: 'request', source: IN_USE },
				{ what: 'sets', name: field, ...value, on: 'response', source: IN_USE },
			],
		};
	}

	/** What the client calls its request, if it may; null otherwise. */
	private given(request: RawRequest, context: Context): string | null {
		const { trust, field } = this.settings;
		if (trust === null) return null;
		const id = request.fields.get(field);
		return id !== null && SANE.test(id) && trust(request, context) ? id : null;
	}

	private mark(fields: Fields, id: string): void {
		const { field } = this.settings;
		if (!(fields instanceof FieldList)) return fields.set(field, id);
		fields.delete(field);
		fields.pushLine(new FieldLine(UNKNOWN, field, id));
	}
}
