import type { App, Middleware } from './app.ts';
import { noteComposition } from './composition.ts';
import type { AnyLayer, Layer, Needed, Proved } from './layer.ts';

/**
 * One middleware out of many. The first is the outermost: it sees a request first and its response last.
 * What it makes is a plain fold: `stack(a, b)(app)` is `a(b(app))`, and nothing is left in between at run time. What the
 * layers prove is known to the app within; what they need and none of them proves, the whole still needs.
 */
export function stack<const Layers extends readonly AnyLayer[]>(
	...layers: Layers
): Layer<Proved<Layers>, Needed<Layers>> {
	const made = (app: App): App =>
		(layers as readonly Middleware[]).reduceRight(
			(next, layer) => noteComposition(layer(next), { note: { name: nameOf(layer) }, layer, inner: [next] }),
			app,
		);
	return made as Layer<Proved<Layers>, Needed<Layers>>;
}

/** What a middleware that says nothing of itself is called. */
function nameOf(layer: Middleware): string {
	return layer.name === '' ? 'a middleware' : layer.name;
}
