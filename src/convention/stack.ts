import type { App, Middleware } from './app.ts';
import { noteComposition } from './composition.ts';
import type { AnyLayer, Layer, Needed, Proved } from './layer.ts';

/**
 * One middleware out of many. Throws TypeError for what is none. The first is the outermost: it sees a request first and its response last.
 * What it makes is a plain fold: `stack(a, b)(app)` is `a(b(app))`, and nothing is left in between at run time. What the
 * layers prove is known to the app within; what they need and none of them proves, the whole still needs.
 */
export function stack<const Layers extends readonly AnyLayer[]>(
	...layers: Layers
): Layer<Proved<Layers>, Needed<Layers>> {
	for (const [index, one] of layers.entries()) checkFunction(`stack: layer ${index + 1}`, one, 'a middleware');
	const made = (app: App): App => {
		checkFunction('stack: the app within', app, 'an app');
		return (layers as readonly Middleware[]).reduceRight(
			(next, layer) => noteComposition(layer(next), { note: { name: nameOf(layer) }, layer, inner: [next] }),
			app,
		);
	};
	return made as Layer<Proved<Layers>, Needed<Layers>>;
}

/** Throws TypeError for what was put in the place of a function. */
function checkFunction(where: string, value: unknown, wanted: string): void {
	if (typeof value === 'function') return;
	const what = Array.isArray(value) ? 'a list; write stack(a, b)' : value === null ? 'null' : typeof value;
	throw new TypeError(`${where} is no function, as ${wanted} is, but ${what}`);
}

/** What a middleware that says nothing of itself is called. */
function nameOf(layer: Middleware): string {
	return layer.name === '' ? 'a middleware' : layer.name;
}
