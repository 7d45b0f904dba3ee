/**
 * How requests for a plain http origin reach it when there is a parent that speaks HTTP: in absolute form, as a rule, and by
 * CONNECT what that form cannot say.
 */
import type { Context } from '../convention/index.ts';
import { FieldList, tags } from '../fields/index.ts';
import { AbsoluteForm, takesAbsoluteForm } from './absolute-form.ts';
import { type Asked, ClientExchange, type Receiver } from './client-exchange.ts';
import type { UpstreamStatistics } from './connection-pool.ts';
import type { IdleShare } from './idle-share.ts';
import type { UpstreamSettings } from './options.ts';
import type { Origin } from './origin.ts';
import { Pool } from './pool.ts';
import { absoluteTarget } from './via-parent.ts';

export interface Route {
	readonly send: (request: Asked, context: Context, receiver: Receiver) => void;
	readonly statistics: () => UpstreamStatistics;
	readonly close: () => Promise<void>;
}

/** Null where every request goes the same way: without a parent, and through a tunnel. */
export function routeThrough(origin: Origin, settings: UpstreamSettings, share: IdleShare | null): Route | null {
	const { parent } = settings;
	if (parent === null || origin.secure || origin.socketPath !== null || !takesAbsoluteForm(parent)) return null;
	const form = new AbsoluteForm(parent, settings);
	let tunnels: Pool | null = null;
	let closed = false;
	const tunnelled = (): Pool => {
		tunnels ??= new Pool(origin, settings, share);
		if (closed) tunnels.close();
		return tunnels;
	};
	return {
		send: (request, context, receiver) => {
			if (fits(request, origin))
				form.send(request, absoluteTarget(origin.authority, request.target), context, receiver);
			else new ClientExchange(tunnelled(), request, FieldList.from(request.fields), context, receiver).begin();
		},
		statistics: () => sum(form.pool.statistics(), tunnels?.statistics()),
		close: async () => {
			closed = true;
			form.pool.close();
			tunnels?.close();
		},
	};
}

/** Not so: an offer to upgrade, which goes from hop to hop; a Host of its own, which a proxy would replace; a target that names somebody. */
function fits({ method, target, authority, fields }: Asked, origin: Origin): boolean {
	if (method === 'CONNECT' || (target !== '*' && !target.startsWith('/'))) return false;
	const list = FieldList.from(fields);
	if (list.hasTagged(tags.upgrade)) return false;
	const host = list.getTagged(tags.host) ?? authority;
	return host === undefined || host === '' || host.toLowerCase() === origin.authority;
}

/** Of two ways, together. */
export function sum(one: UpstreamStatistics, other: UpstreamStatistics | undefined): UpstreamStatistics {
	if (other === undefined) return one;
	const names = Object.keys(one) as (keyof UpstreamStatistics)[];
	return Object.fromEntries(names.map((name) => [name, one[name] + other[name]])) as unknown as UpstreamStatistics;
}
