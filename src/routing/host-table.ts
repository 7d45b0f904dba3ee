/**
 * Trees by host: the host itself, then one wildcard label, then the routes without a host. Case, port and a dot at the
 * end do not count (RFC 9110 section 4.2.3).
 */
import type { HostPattern } from './pattern.ts';
import { type Lookup, RouteTree } from './route-tree.ts';

export class HostTable<T> {
	/** Routes without a host. */
	readonly everywhere: RouteTree<T> = new RouteTree();
	private readonly exact: Map<string, RouteTree<T>> = new Map();
	/** By the part behind the first label, dot included. */
	private readonly labels: Map<string, RouteTree<T>> = new Map();

	/** No route has a host: none need be read. */
	get plain(): boolean {
		return this.exact.size === 0 && this.labels.size === 0;
	}

	/** The entry for a path: the host's own first; where these have none for the method, the less specific. */
	find(lookup: Lookup, host: string): T | null {
		if (this.plain) return this.everywhere.find(lookup);
		return (
			this.exact.get(host)?.find(lookup) ??
			this.forLabel(host, host.indexOf('.'))?.find(lookup) ??
			this.everywhere.find(lookup)
		);
	}

	/** The tree for patterns of that host, made where it is new. */
	treeOf(host: HostPattern | null): RouteTree<T> {
		if (host === null) return this.everywhere;
		const [trees, name] = host.kind === 'exact' ? [this.exact, host.host] : [this.labels, host.suffix];
		const known = trees.get(name);
		if (known !== undefined) return known;
		const made = new RouteTree<T>();
		trees.set(name, made);
		return made;
	}

	/** `dot` is where the first label of the host ends. */
	private forLabel(host: string, dot: number): RouteTree<T> | undefined {
		return dot > 0 ? this.labels.get(host.slice(dot)) : undefined;
	}
}

/** The host of an authority, without port, in lower case. */
export function hostOf(authority: string): string {
	const colon = authority.lastIndexOf(':');
	let end = colon > authority.lastIndexOf(']') ? colon : authority.length;
	if (authority.charCodeAt(end - 1) === 0x2e) end--;
	return authority.slice(0, end).toLowerCase();
}
