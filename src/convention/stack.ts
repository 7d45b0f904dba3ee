import type { App, Middleware } from './app.ts';

/**
 * One middleware out of many. The first is the outermost: it sees a request first and its response last.
 * What it makes is a plain fold: `stack(a, b)(app)` is `a(b(app))`, and nothing is left in between at run time.
 */
export function stack(...layers: Middleware[]): Middleware {
	return (app: App): App => layers.reduceRight((next, layer) => layer(next), app);
}
