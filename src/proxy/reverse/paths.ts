/**
 * The request-target on its way in and out. What is not a prefix to be changed is never touched: no decoding, no
 * normalising, no collapsing of slashes (RFC 9110 section 7.7).
 */
import type { RawRequest } from '../../convention/index.ts';

const ABSOLUTE = /^https?:\/\/[^/?#]*/i;

export class Paths {
	private readonly strip: string;
	private readonly add: string;

	/** `base`: the path of the upstream's URL. Prefixes are taken with or without their final slash. */
	constructor(prefix: { readonly strip?: string; readonly add?: string } | undefined, base: string) {
		this.strip = withoutSlash(prefix?.strip ?? '');
		this.add = base + withoutSlash(prefix?.add ?? '');
	}

	/** What the upstream is asked for. */
	outward(request: RawRequest): string {
		const { target, form } = request;
		if (form === 'origin') return this.strip === '' && this.add === '' ? target : this.prefixed(target);
		if (form === 'asterisk') return target;
		const rest = target.replace(ABSOLUTE, '');
		// RFC 9112 section 3.2.4: OPTIONS for a whole server, when the client had to name it.
		if (rest === '' && request.method === 'OPTIONS') return '*';
		return this.prefixed(rest.startsWith('/') ? rest : `/${rest}`);
	}

	/** What a path on the upstream is called here. */
	inward(path: string): string {
		if (this.add !== '' && !isUnder(path, this.add)) return path;
		const rest = path.slice(this.add.length);
		return this.strip + (rest.startsWith('/') ? rest : `/${rest}`);
	}

	private prefixed(target: string): string {
		const rest = this.strip !== '' && isUnder(target, this.strip) ? target.slice(this.strip.length) : target;
		return this.add + (rest.startsWith('/') ? rest : `/${rest}`);
	}
}

/** Segment by segment: `/app` is a prefix of `/app`, `/app/x` and `/app?q`, not of `/apple`. */
function isUnder(path: string, prefix: string): boolean {
	if (!path.startsWith(prefix)) return false;
	const next = path.charAt(prefix.length);
	return next === '' || next === '/' || next === '?' || next === '#';
}

function withoutSlash(prefix: string): string {
	if (prefix !== '' && !prefix.startsWith('/'))
		throw new TypeError(`A path prefix begins with a slash: ${JSON.stringify(prefix)}`);
	return prefix.replace(/\/$/, '');
}
