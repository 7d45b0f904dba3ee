/** What an app learns about the route that led to it. */
import { type Context, DerivedContext, type Key, key } from '../convention/index.ts';
import type { ParamsOf } from './params-of.ts';

/** A context with the parameters of the pattern. */
export interface RouteContext<Params = Readonly<Record<string, string>>> extends Context {
	/** Decoded, by name; those of the mounts around are in it, too. */
	readonly params: Params;
	/** The pattern that took the request, with the mounts around it: for logs and metrics. */
	readonly route: string;
}

type Params = Readonly<Record<string, string>>;

const CURRENT: Key<RoutedContext> = key('route');
const NONE: Params = {};

export class RoutedContext extends DerivedContext implements RouteContext {
	readonly params: Params;
	readonly route: string;

	constructor(outer: Context, mount: string, params: Params, route: string) {
		super(outer, mount);
		this.params = params;
		this.route = route;
	}

	/** Answers for the route itself, so that contexts derived from this one know it as well. */
	override get<T>(key: Key<T>): T | undefined {
		return (key as Key<unknown>) === CURRENT ? (this as unknown as T) : this.outer.get(key);
	}

	override has(key: Key<unknown>): boolean {
		return key === CURRENT || this.outer.has(key);
	}
}

/** The route around an app, if there is one. */
export function currentRoute(context: Context): RouteContext | undefined {
	return context.get(CURRENT);
}

/**
 * The parameters of the route, wherever its context has gone: for apps that a middleware stands around, which are called
 * with a plain context. `params<'/articles/:slug'>(context)` has the types of that pattern. Empty outside of routes.
 */
export function params<Pattern extends string = string>(context: Context): ParamsOf<Pattern> {
	return (currentRoute(context)?.params ?? NONE) as ParamsOf<Pattern>;
}
