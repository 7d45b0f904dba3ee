/** What would become of a request: each layer and app asked in turn, from the outside in, none of them run. */
import type { RawRequest } from './app.ts';
import { type Composition, compositionOf, type Explanation } from './composition.ts';
import type { Context } from './context.ts';
import { HttpError } from './errors.ts';
import { statusLine } from './reason-phrase.ts';

export interface ExplainedStep {
	/** The layer's or the app's name. */
	readonly name: string;
	/** What it would do; null where it says nothing of itself. */
	readonly explanation: Explanation | null;
	/** It answers: nothing stands within, or the request does not go on. */
	readonly last: boolean;
}

/** The way of a request through `app`. Rejects with what a layer throws when it is asked to explain itself, but for an HttpError, which is its answer. */
export async function explain(app: object, request: RawRequest, context: Context): Promise<readonly ExplainedStep[]> {
	const steps: ExplainedStep[] = [];
	let at: object | undefined = app;
	let asked = request;
	let around = context;
	while (at !== undefined) {
		const composition = compositionOf(at);
		const explanation: Explanation | null =
			composition === null ? null : await explanationOf(composition, asked, around);
		const answers = explanation?.answers !== undefined;
		const within = composition === null || composition.layer === null ? undefined : composition.inner[0];
		const next: object | undefined = answers ? undefined : (explanation?.next ?? within);
		steps.push({ name: composition?.note.name ?? nameOf(at), explanation, last: next === undefined });
		at = next;
		asked = explanation?.request ?? asked;
		around = explanation?.context ?? around;
	}
	return steps;
}

async function explanationOf(
	{ note }: Composition,
	request: RawRequest,
	context: Context,
): Promise<Explanation | null> {
	try {
		return (await note.explain?.(request, context)) ?? null;
	} catch (error) {
		if (!(error instanceof HttpError)) throw error;
		return { does: [], answers: statusLine(error.status, error.expose ? error.message.replace(/\.$/, '') : '') };
	}
}

/** The name of a function, or of the class that an application is of. */
function nameOf(app: object): string {
	const name = typeof app === 'function' ? app.name : app.constructor.name;
	return name === '' || name === 'Object' ? 'an app' : name;
}
