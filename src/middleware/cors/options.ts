/** Who may read what from a page of another origin, and the check that the options say something sensible. */
import type { Context, RawRequest } from '../../convention/index.ts';
import { isToken, wholeNumber } from '../../fields/index.ts';
import { checkNames, checkObject, shown } from '../../names/index.ts';
import { Origins } from './origins.ts';

/** Whether a page of `origin` may read the answer. `origin` is what the browser says, `https://app.example.org`, in its usual form; never `null`. */
export type OriginJudge = (origin: string, request: RawRequest, context: Context) => boolean | Promise<boolean>;

export interface CorsOptions {
	/**
	 * Whose pages may read answers: a list of origins (`https://app.example.org`, `http://localhost:5173`), of which
	 * `https://*.example.org` is every name below `example.org` and `null` every sandboxed page; a function; or `*`, everybody.
	 */
	readonly origins: '*' | readonly string[] | OriginJudge;
	/** Methods that pages may use. Default: GET, HEAD, POST, PUT, PATCH, DELETE. */
	readonly methods?: '*' | readonly string[];
	/** Request fields that pages may set beside those that every page may. Default: Content-Type. */
	readonly headers?: '*' | readonly string[];
	/** Response fields that pages may read beside those that every page may. Default: none. */
	readonly expose?: '*' | readonly string[];
	/** Whether pages may send cookies and read the answer all the same. Default: false. */
	readonly credentials?: boolean;
	/** Seconds for which a browser need not ask again. Default: 600. */
	readonly maxAge?: number;
	/** Whether pages from the public Internet may reach us on a private network (Private Network Access). Default: false. */
	readonly privateNetwork?: boolean;
}

export interface Settings {
	/** Null: everybody, without a look at who it is. */
	readonly origins: Origins | OriginJudge | null;
	/** Values of the fields; the empty one is not sent. */
	readonly methods: string;
	readonly headers: string;
	readonly expose: string;
	readonly credentials: boolean;
	readonly maxAge: string;
	readonly privateNetwork: boolean;
}

const NAMES = ['origins', 'methods', 'headers', 'expose', 'credentials', 'maxAge', 'privateNetwork'] as const;
const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE'];
/** Fetch standard, section 2.2.1: no page can ever use these. */
const FORBIDDEN: ReadonlySet<string> = new Set(['CONNECT', 'TRACE', 'TRACK']);

/** Throws TypeError or RangeError for what cannot be meant, naming the option. */
export function settingsOf(options: CorsOptions): Settings {
	checkObject('cors', options, "{ origins: ['https://app.example.org'] }");
	checkNames('cors: ', options, NAMES);
	const { origins, credentials = false, maxAge = 600, privateNetwork = false } = options;
	for (const [name, value] of Object.entries({ credentials, privateNetwork })) {
		if (typeof value !== 'boolean') throw new TypeError(`cors: ${name} is ${shown(value)}, not true or false`);
	}
	if (typeof maxAge !== 'number' || wholeNumber(String(maxAge)) < 0) {
		throw new RangeError(`cors: maxAge is ${shown(maxAge)}, not a whole number of seconds`);
	}
	const list = (name: 'methods' | 'headers' | 'expose', value: unknown): string => listed(name, value, credentials);
	return {
		origins: originsOf(origins, credentials),
		methods: list('methods', options.methods ?? METHODS),
		headers: list('headers', options.headers ?? ['Content-Type']),
		expose: list('expose', options.expose ?? []),
		credentials,
		maxAge: String(maxAge),
		privateNetwork,
	};
}

function originsOf(origins: unknown, credentials: boolean): Settings['origins'] {
	if (typeof origins === 'function') return origins as OriginJudge;
	if (origins === '*') {
		if (!credentials) return null;
		throw new TypeError(
			"cors: origins is '*' with credentials: every page on the Internet could read what our users can; name the origins",
		);
	}
	if (!Array.isArray(origins) || origins.length === 0) {
		throw new TypeError(`cors: origins is ${shown(origins)}, not '*', a list of origins or a function`);
	}
	if (credentials && origins.includes('null')) {
		throw new TypeError("cors: origins has 'null' with credentials: every sandboxed page anywhere has that origin");
	}
	return new Origins(origins);
}

function listed(name: 'methods' | 'headers' | 'expose', value: unknown, credentials: boolean): string {
	if (value === '*') {
		// Fetch standard, section 3.2.3: with credentials `*` is no wildcard but a name that nothing has.
		if (credentials)
			throw new TypeError(`cors: ${name} is '*' with credentials, which browsers do not take; name them`);
		// Authorization is the one field that the wildcard does not stand for.
		return name === 'headers' ? '*, Authorization' : '*';
	}
	if (!Array.isArray(value)) throw new TypeError(`cors: ${name} is ${shown(value)}, not '*' or a list of names`);
	for (const one of value) {
		if (typeof one !== 'string' || !isToken(one) || one === '*') {
			throw new TypeError(`cors: ${name} has ${shown(one)}, which is no name`);
		}
		if (name !== 'methods') continue;
		if (FORBIDDEN.has(one.toUpperCase())) {
			throw new TypeError(`cors: methods has ${one}, which no page may use`);
		}
	}
	return (name === 'methods' ? value.map(methodOf) : value).join(', ');
}

/** Fetch standard, section 2.2.1: of these alone browsers make upper case, whatever a page writes. */
const NORMALIZED: ReadonlySet<string> = new Set(['DELETE', 'GET', 'HEAD', 'OPTIONS', 'POST', 'PUT']);

/** Methods are compared letter by letter (RFC 9110 section 9.1). */
function methodOf(given: string): string {
	const upper = given.toUpperCase();
	if (NORMALIZED.has(upper) || given === upper) return upper;
	throw new TypeError(
		`cors: methods has ${given}, and browsers send ${upper} as it is written: the case counts; write ${upper}`,
	);
}
