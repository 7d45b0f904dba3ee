/**
 * Middleware that proves something, in types: who stands inside of it may rely on a key, and who relies on one cannot stand
 * anywhere else. At run time a layer is a function like any other, which carries a note about itself (composition.ts).
 */
import type { App, Middleware } from './app.ts';
import { compositionOf, type LayerNote, noteComposition } from './composition.ts';
import type { Context } from './context.ts';
import type { Key } from './key.ts';

export type AnyKey = Key<unknown>;

type ValueOf<K> = K extends Key<infer T> ? T : never;

/** One overload of `get` for each key. */
type Knowledge<K> = (K extends AnyKey ? (known: { get(key: K): ValueOf<K> }) => void : never) extends (
	known: infer All,
) => void
	? All
	: never;

declare const PROVED: unique symbol;

/** The names of the keys. Overloads of `get` are compared loosely when there are several; this is not. */
interface ProvedNames<K extends AnyKey> {
	/** Type only: never set. */
	readonly [PROVED]?: { readonly [Name in K['name']]: true };
}

/** A context in which these keys are set: `get` of one of them is never undefined. */
export type Knowing<K extends AnyKey> = [K] extends [never] ? Context : Knowledge<K> & ProvedNames<K> & Context;

/** An app that may stand only where these keys are set. One that needs none is an `App`. */
export type AppKnowing<K extends AnyKey> = (
	request: Request,
	context: Knowing<K>,
	execution?: Knowing<K>,
) => Response | Promise<Response>;

/** Middleware that sets the keys it `Proves`, and that must itself stand where those it `Needs` are set. */
export interface Layer<Proves extends AnyKey = never, Needs extends AnyKey = never> {
	(next: AppKnowing<Proves | Needs>): AppKnowing<Needs>;
	/** Type only: never set. */
	readonly types?: { readonly proves: Proves; readonly needs: Needs };
}

/** What is known of a layer when only its place among others matters. */
export type AnyLayer = Middleware | AnyTyped;

interface AnyTyped {
	// oxlint-disable-next-line typescript/no-explicit-any -- whatever it needs: the stack made of it needs the same
	(next: App): (request: Request, context: any, execution?: any) => Response | Promise<Response>;
	readonly types?: { readonly proves: AnyKey; readonly needs: AnyKey };
}

type TypesOf<L> = 'types' extends keyof L ? NonNullable<L['types']> : { proves: never; needs: never };
type ProvedBy<L> = TypesOf<L> extends { readonly proves: infer P extends AnyKey } ? P : never;
type NeededBy<L> = TypesOf<L> extends { readonly needs: infer N extends AnyKey } ? N : never;

/** All that the layers prove. */
export type Proved<L extends readonly unknown[]> = L extends readonly [infer First, ...infer Rest]
	? ProvedBy<First> | Proved<Rest>
	: never;

/** What the layers need and no layer further out proves. */
export type Needed<L extends readonly unknown[], Known = never> = L extends readonly [infer First, ...infer Rest]
	? Exclude<NeededBy<First>, Known> | Needed<Rest, Known | ProvedBy<First>>
	: never;

/**
 * Middleware with a note about itself: what `turnabout check` holds against the layers around, what `turnabout explain`
 * shows, and by which the server finds resources: a layer with `start`, `stop` or `close` begins and ends with it.
 */
export function layer<Proves extends AnyKey = never, Needs extends AnyKey = never>(
	note: LayerNote,
	wrap: (next: App) => App,
): Layer<Proves, Needs> {
	const made = (next: App): App => {
		const within = wrap(next);
		// An app that is passed through unchanged, or was noted already, cannot carry this note as well: it gets a shell that does.
		const shell: App | null =
			within === next || compositionOf(within) !== null
				? (request, context, execution) => within(request, context, execution)
				: null;
		const inner = [shell === null ? next : within, ...(note.besides ?? [])];
		return noteComposition(shell ?? within, { note, layer: made, inner });
	};
	return made as unknown as Layer<Proves, Needs>;
}

/** The value of a key that something further out must have set. Throws Error with the key's name where nothing has. */
export function known<T>(context: Context, key: Key<T>): T {
	const value = context.get(key);
	if (value === undefined && !context.has(key)) {
		throw new Error(
			`Nothing has set ${key.name} in this exchange: the layer that proves it must stand around this app`,
		);
	}
	return value as T;
}
