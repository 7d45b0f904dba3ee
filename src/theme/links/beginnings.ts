/** Beginnings of URLs, and what takes their place. */

interface Beginning {
	/** Scheme and host, or two slashes and host, in lower case; '' for a mere path. */
	readonly origin: string;
	readonly path: string;
	readonly length: number;
	/** It ends where a part of a URL ends, so that anything may follow. */
	readonly closed: boolean;
	readonly target: string;
}

const ORIGIN = /^(?:[a-z][a-z0-9+.-]*:)?\/\/[^/?#]*/i;

/** Maps URLs whose beginning is known; the longest wins. Others stay as they are. */
export class Beginnings {
	private readonly list: readonly Beginning[];

	constructor(map: Readonly<Record<string, string>>) {
		const targets = new Map(Object.entries(map).filter(([from]) => from !== ''));
		for (const [from, to] of [...targets]) {
			const bare = from.replace(/^https?:/i, '');
			if (!targets.has(bare)) targets.set(bare, to);
		}
		this.list = [...targets].map(beginning).sort((a, b) => b.length - a.length);
	}

	map(url: string): string {
		const trimmed = url.trimStart();
		for (const one of this.list) {
			if (begins(trimmed, one)) return withTarget(one, trimmed.slice(one.length));
		}
		return url;
	}
}

function beginning([from, target]: readonly [string, string]): Beginning {
	const origin = ORIGIN.exec(from)?.[0] ?? '';
	const path = from.slice(origin.length);
	return { origin: origin.toLowerCase(), path, length: from.length, closed: /[/?#=&]$/.test(from), target };
}

function begins(url: string, { origin, path, length, closed }: Beginning): boolean {
	if (!url.startsWith(path, origin.length)) return false;
	if (url.slice(0, origin.length).toLowerCase() !== origin) return false;
	return closed || url.length === length || '/?#'.includes(url.charAt(length));
}

/** No slash is doubled where the two meet, and none gets lost. */
function withTarget({ path, target }: Beginning, rest: string): string {
	const slashes = Number(target.endsWith('/')) + Number(rest.startsWith('/'));
	let joined = slashes === 2 ? target + rest.slice(1) : target + rest;
	if (slashes === 0 && path.endsWith('/') && rest !== '' && !/^[?#]/.test(rest)) joined = `${target}/${rest}`;
	if (joined === '' || /^[?#]/.test(joined)) return `/${joined}`;
	// Two slashes in front would make a host of what is a path: `http://cms//evil.example` must not lead there.
	return target.startsWith('//') ? joined : joined.replace(/^[/\\]{2,}/, '/');
}
