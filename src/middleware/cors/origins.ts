/**
 * Lists of origins, and whether one is in them. A pattern is compared by the parts of the origin, never by a regular
 * expression or a bare ending: `https://example.org.evil.example` and `https://evilexample.org` are not below `example.org`.
 */
import { parseAuthority } from '../../fields/index.ts';

interface Below {
	/** `https://` */
	readonly scheme: string;
	/** `.example.org` or `.example.org:8443`. */
	readonly ending: string;
}

const SCHEMES: readonly string[] = ['https://', 'http://'];
const PATTERN = '*.';
/** Longer than any origin of the web: a name has 253 characters at most. */
const LONGEST = 300;

export class Origins {
	private readonly exact: Set<string> = new Set();
	private readonly below: Below[] = [];

	/** Throws TypeError for what is no origin. */
	constructor(origins: readonly unknown[]) {
		for (const origin of origins) {
			if (typeof origin !== 'string') throw new TypeError(`cors: origins has ${String(origin)}, which is no string`);
			this.add(origin);
		}
	}

	/** Whether the origin is one of these; it is what a browser has sent, or somebody who is none. */
	has(origin: string): boolean {
		if (this.exact.has(origin)) return true;
		for (const { scheme, ending } of this.below) if (isBelow(origin, scheme, ending)) return true;
		return false;
	}

	private add(origin: string): void {
		if (origin === 'null') return void this.exact.add(origin);
		if (origin === '*') throw wrong(origin, "'*' stands alone, without a list");
		const scheme = SCHEMES.find((one) => origin.startsWith(one));
		if (scheme === undefined) return this.addOther(origin);
		const rest = origin.slice(scheme.length);
		if (!rest.startsWith(PATTERN)) return void this.exact.add(checked(origin));
		if (rest.indexOf('*', 1) !== -1) throw wrong(origin, 'one * stands for the beginning of a name');
		const ending = checked(scheme + rest.slice(PATTERN.length)).slice(scheme.length);
		const name = parseAuthority(ending);
		if (name?.kind !== 'name') throw wrong(origin, 'addresses have no names below them');
		if (!name.host.includes('.') && name.host !== 'localhost') {
			throw wrong(origin, 'these are names of all the world');
		}
		this.below.push({ scheme, ending: `.${ending}` });
	}

	/** Origins of other schemes, such as those of browser extensions and of apps: `capacitor://localhost`. */
	private addOther(origin: string): void {
		if (!/^[a-z][a-z0-9+.-]{0,30}:\/\/[a-z0-9._-]{1,253}$/.test(origin)) {
			throw wrong(origin, 'an origin is a scheme and a host, https://app.example.org');
		}
		this.exact.add(origin);
	}
}

/** Whether it looks as browsers write origins: scheme, host and port in lower case, and nothing else. */
export function isOrigin(origin: string): boolean {
	return origin.length <= LONGEST && /^[a-z][a-z0-9+.-]{0,30}:\/\/[a-z0-9._[\]:-]+$/.test(origin);
}

function isBelow(origin: string, scheme: string, ending: string): boolean {
	if (!origin.startsWith(scheme) || !origin.endsWith(ending) || origin.length > LONGEST) return false;
	// What stands for the `*`: one label or several, none of them empty, and nothing that ends a host.
	return labels(origin, scheme.length, origin.length - ending.length);
}

function labels(text: string, start: number, end: number): boolean {
	if (start >= end) return false;
	let length = 0;
	for (let i = start; i < end; i++) {
		const code = text.charCodeAt(i);
		if (code === 0x2e) {
			if (length === 0) return false;
			length = 0;
			continue;
		}
		const letter = (code >= 0x61 && code <= 0x7a) || (code >= 0x30 && code <= 0x39) || code === 0x2d || code === 0x5f;
		if (!letter) return false;
		length++;
	}
	return length > 0;
}

/** The origin, if it is written as browsers write it. */
function checked(origin: string): string {
	if (origin.includes('*')) throw wrong(origin, '* stands for the beginning of a name: https://*.example.org');
	let usual: string;
	try {
		usual = new URL(origin).origin;
	} catch {
		throw wrong(origin, 'an origin is a scheme and a host, https://app.example.org');
	}
	if (usual !== origin) throw wrong(origin, `browsers write it ${usual}`);
	return origin;
}

const wrong = (origin: string, why: string): TypeError =>
	new TypeError(`cors: origins has ${JSON.stringify(origin)}: ${why}`);
