/** The parent itself as an upstream: for whoever asks it for many origins. */
import { type Context, raw } from '../convention/index.ts';
import { AbsoluteForm, takesAbsoluteForm } from './absolute-form.ts';
import { Awaited } from './awaited.ts';
import type { Asked } from './client-exchange.ts';
import { type UpstreamOptions, upstreamSettings } from './options.ts';
import { type Parent, parentOption } from './parent/index.ts';
import type { Upstream } from './upstream.ts';

/**
 * An app that asks `parent` for `http` origins in absolute form, on connections that all origins share. The request says for
 * whom it is: a target in absolute form, or one in origin form and `authority`. Throws TypeError for a parent that is not
 * asked in that way (`takesAbsoluteForm`): reach each origin by `upstream(origin, { parent })` then.
 */
export function viaParent(parent: Parent | string, options: Omit<UpstreamOptions, 'parent'> = {}): Upstream {
	const given = parentOption(parent);
	if (given === null || !takesAbsoluteForm(given))
		throw new TypeError(
			`viaParent: ${given?.name ?? 'no parent'} is not asked in absolute form; use upstream(origin, { parent }).`,
		);
	const form = new AbsoluteForm(given, upstreamSettings(options));
	const send: Upstream['send'] = (request, context, receiver) =>
		form.send(request, absolute(request), context, receiver);
	const app = (request: Request, context: Context): Promise<Response> => {
		const awaited = new Awaited();
		send(raw(request), context, awaited);
		return awaited;
	};
	return Object.assign(app, {
		origin: given.origin,
		send,
		statistics: () => form.pool.statistics(),
		close: async () => form.pool.close(),
	});
}

/** RFC 9112 section 3.2.4: OPTIONS for a server as a whole is asked for at a proxy without a path. */
export function absoluteTarget(authority: string, target: string): string {
	return `http://${authority}${target === '*' ? '' : target}`;
}

function absolute({ target, authority }: Asked): string {
	return target === '*' || target.startsWith('/') ? absoluteTarget(authority, target) : target;
}
