/**
 * A path prefix taken off. Requests below the prefix go to an app that does not know where it stands; the others go on.
 * The path is compared byte for byte and by whole segments, as it stands in the target: nothing is decoded or resolved.
 */
import type { App, Middleware, RawRequest } from './app.ts';
import { type LayerNote, noteComposition } from './composition.ts';
import { derive } from './derive.ts';
import { mounted } from './derive-context.ts';
import { raw } from './raw.ts';

/**
 * Middleware that sends requests below `prefix` ('/cms': the paths '/cms' and '/cms/…', not '/cmsx') to `app`. The app gets
 * a derived request with the rest of the target, at least '/', and a context whose `mount` has grown by the prefix.
 * Throws TypeError unless the prefix is '' or begins with '/' and does not end in one.
 */
export function mount(prefix: string, app: App): Middleware {
	if (prefix !== '' && (!prefix.startsWith('/') || prefix.endsWith('/') || /[?#]/.test(prefix))) {
		throw new TypeError(`Not a mount prefix: ${JSON.stringify(prefix)}. It begins with "/" and does not end in it`);
	}
	return (next) => {
		const both: App = (request, context) => {
			const message = raw(request);
			const target = below(message, prefix);
			if (target === null) return next(request, context, context);
			const inner = mounted(context, prefix);
			return app(derive(message, { target }), inner, inner);
		};
		return noteComposition(both, { note: noteOf(prefix, app, next), layer: null, inner: [app, next] });
	};
}

function noteOf(prefix: string, app: App, next: App): LayerNote {
	return {
		name: `mount ${prefix}`,
		explain: (request, context) => {
			const target = below(request, prefix);
			if (target === null) return { does: [`The path is not below ${prefix}.`], next };
			const inner = { request: derive(request, { target }), context: mounted(context, prefix) };
			return { does: [`Takes ${prefix} off the path.`], next: app, ...inner };
		},
	};
}

/** The target with the prefix taken off its path, or null when the path is not below the prefix. */
function below(message: RawRequest, prefix: string): string | null {
	const { target, form } = message;
	if (form !== 'origin' && form !== 'absolute') return null;
	const path = form === 'origin' ? 0 : pathStart(target);
	if (!target.startsWith(prefix, path)) return null;
	const end = path + prefix.length;
	const next = target[end];
	if (next !== undefined && next !== '/' && next !== '?') return null;
	const rest = target.slice(end);
	return target.slice(0, path) + (next === '/' ? rest : `/${rest}`);
}

/** Where the path of an absolute-form target begins: behind `scheme://authority`. */
function pathStart(target: string): number {
	const authority = target.indexOf('://') + 3;
	const end = target.slice(authority).search(/[/?]/);
	return end === -1 ? target.length : authority + end;
}
