/**
 * What an app is made of, for those who look at it before any request: the server starts and stops what is in it,
 * `turnabout check` refuses an order of layers that makes no sense, `turnabout explain` walks it. Nothing of this is
 * asked while requests are answered. Apps of foreign middleware are leaves.
 */
import type { App, RawRequest } from './app.ts';
import type { Context } from './context.ts';
import type { Key } from './key.ts';

/** A key that must be set further out, and why. */
export interface Need {
	readonly key: Key<unknown>;
	/** A sentence for whoever put it elsewhere: what to put around it. */
	readonly because: string;
}

/** What a field is added, set or removed for. */
export interface FieldNote {
	readonly what: 'adds' | 'sets' | 'removes';
	readonly name: string;
	/** What it is set to, as far as that can be told and is no secret. */
	readonly value?: string;
	readonly on: 'request' | 'response';
	/** In which case, where it is not always: `with 429`, `when it is compressed`. */
	readonly when?: string;
	/** Where it is asked for: `RFC 9110 section 7.6.3`. */
	readonly source?: string;
}

/**
 * What a layer or an app would do with a request, without doing it. All speak alike: sentences in the present tense that
 * leave out who it is (`Checks the password.`), and at the end either `answers`, or `Passes the request on, with …`.
 */
export interface Explanation {
	/** Sentences; the first letter and the full stop may be left out. */
	readonly does: readonly string[];
	readonly fields?: readonly FieldNote[];
	/** The answer that it would give itself, `403 Forbidden: …` (`statusLine`); without one the request goes on. */
	readonly answers?: string;
	/** The request that goes on, when it is another. */
	readonly request?: RawRequest;
	/** The context that goes on, when it is another. */
	readonly context?: Context;
	/** The app that it goes on to. A layer need not say it; an app that no layer made, a table of routes, must. */
	readonly next?: object;
}

/** How an app is served, as far as layers must know. */
export interface Served {
	/** Processes that answer alike, none of which sees what another keeps in its memory. */
	readonly workers: number;
	/** Whether any listener asks clients for certificates; null where nobody knows. */
	readonly asksForCertificates: boolean | null;
}

/** Why a layer does not do what it is for where it is served like that. */
export interface Misfit {
	/** `fault`: nothing starts. `warning`: it is said, and all goes on. */
	readonly level: 'fault' | 'warning';
	readonly message: string;
}

/** What a layer says of itself. */
export interface LayerNote {
	/** Its name, as in code. */
	readonly name: string;
	/** Keys that are set for everything within. */
	readonly proves?: readonly Key<unknown>[];
	readonly needs?: readonly Need[];
	/** Why it must not stand within these layers, the outermost first; null when it may. */
	readonly refuses?: (outer: readonly LayerNote[]) => string | null;
	/** Apps that it asks besides the one within: they begin and end with it. */
	readonly besides?: readonly object[];
	/** What is wrong with how it is served; null when it fits. */
	readonly misfit?: (served: Served) => Misfit | null;
	/**
	 * What it would do with this request. It sends nothing, changes nothing, and calls no function that a user has given but
	 * those that only choose (docs/front-door.md). An HttpError that it throws is the answer.
	 */
	readonly explain?: (request: RawRequest, context: Context) => Explanation | Promise<Explanation>;
}

export interface Composition {
	readonly note: LayerNote;
	/** The middleware that made it; null for an app that no middleware made, such as a table of routes. */
	readonly layer: object | null;
	/** Where it passes requests on to. */
	readonly inner: readonly object[];
}

/** A name that all copies of this package know: the command's and the app's need not be the same. */
const COMPOSITION = Symbol.for('turnabout.composition');

/** Remembers what an app is made of; one that has been noted, or cannot be, is left as it is. Gives the app back. */
export function noteComposition<A extends App>(app: A, composition: Composition): A {
	if (compositionOf(app) === null && Object.isExtensible(app) && !composition.inner.includes(app)) {
		Object.defineProperty(app, COMPOSITION, { value: composition });
	}
	return app;
}

/** For an app that passes nothing on, but to `inner`: its name, and what it does with every request. Gives the app back. */
export function noteApp<A extends App>(app: A, name: string, does: string, inner: readonly object[] = []): A {
	return noteComposition(app, { note: { name, explain: () => ({ does: [does] }) }, layer: null, inner });
}

/** What was noted with an app, or null. */
export function compositionOf(app: object): Composition | null {
	return Object.hasOwn(app, COMPOSITION) ? (app as { readonly [COMPOSITION]: Composition })[COMPOSITION] : null;
}

/** An app within another, and the layers it stands in, the outermost first. */
export interface Part {
	readonly app: object;
	readonly composition: Composition | null;
	readonly outer: readonly LayerNote[];
}

/** The app and all that it is made of, from the outside in; what stands in two places comes twice. */
export function* partsOf(app: object, outer: readonly LayerNote[] = []): Generator<Part> {
	const composition = compositionOf(app);
	yield { app, composition, outer };
	if (composition === null) return;
	for (const inner of composition.inner) yield* partsOf(inner, [...outer, composition.note]);
}

/** What is wrong with how the layers are served, each beginning with the layer's name; none when all is well. */
export function misfitsOf(app: object, served: Served): Misfit[] {
	const found = new Map<string, Misfit>();
	for (const { composition } of partsOf(app)) {
		const misfit = composition?.note.misfit?.(served) ?? null;
		if (misfit === null) continue;
		const message = `${composition?.note.name}: ${misfit.message}`;
		found.set(message, { level: misfit.level, message });
	}
	return [...found.values()];
}

/** What is wrong with the order of layers, a sentence each; none when all is well. */
export function compositionFaults(app: object): string[] {
	const faults = new Set<string>();
	for (const { composition, outer } of partsOf(app)) {
		if (composition === null) continue;
		const { name, needs = [], refuses } = composition.note;
		const proved = new Set(outer.flatMap(({ proves = [] }) => proves));
		for (const { key, because } of needs) if (!proved.has(key)) faults.add(`${name}: ${because}`);
		const refused = refuses?.(outer) ?? null;
		if (refused !== null) faults.add(`${name}: ${refused}`);
	}
	return [...faults];
}
