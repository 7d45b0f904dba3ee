/** What can be set on the HTTP side of theming. Everything has a default that is safe and keeps the RFCs. */
import type { Context, RawRequest } from '../../convention/index.ts';
import { type FailureText, failureText } from './failure-text.ts';
import { ignoredExtensions } from './ignored-extensions.ts';

export type Parameters = Readonly<Record<string, string>>;

/** One line about a page that could not be themed, or was themed with a warning. */
export interface ThemeLogEntry {
	readonly level: 'error' | 'warn';
	readonly message: string;
	/** Method and path; the query is left out, since it may hold secrets. */
	readonly request: string;
	/** What was thrown, or null. */
	readonly error: unknown;
}

export interface HttpThemeOptions {
	/**
	 * Bytes of a page, before and after its content coding is taken off. A larger page passes through unthemed; in
	 * streaming, one that grows past it after bytes have left is cut off. Default: 8_388_608 (8 MiB).
	 */
	readonly maxBytes?: number;
	/** Milliseconds from the response's head until the first byte of the themed page is there; then it passes through unthemed. Default: 10_000. */
	readonly timeout?: number;
	/**
	 * Whether answers to scripts are themed, too: requests with `X-Requested-With: XMLHttpRequest`, `HX-Request` without
	 * `HX-Boosted`, or `Sec-Fetch-Dest: empty`. Needed where scripts fetch whole pages, as Turbo does. Default: false.
	 */
	readonly fragments?: boolean;
	/** Ends of paths that are never pages, in lower case and without the dot: such requests are not touched. Default: `ignoredExtensions`. */
	readonly ignoredExtensions?: readonly string[];
	/** The charset of pages that do not say theirs. Default: UTF-8 where the bytes are UTF-8, else windows-1252. */
	readonly defaultCharset?: string;
	/**
	 * `as-upstream`: what came compressed leaves compressed, by the upstream's coding where the client takes it, else by the
	 * one it likes best; what came plain leaves plain (default). `always`: by the one it likes best. `never`: plain.
	 */
	readonly encode?: 'as-upstream' | 'always' | 'never';
	/** The media type of themed pages, without charset, which is always utf-8. Default: `text/html`. */
	readonly contentType?: string;
	/** Values for the parameters of the rules, the same for all requests or made for each. */
	readonly parameters?: Parameters | ((request: RawRequest, context: Context) => Parameters);
	/**
	 * When `X-Turnabout-Theme: skipped; reason=…` is added: where a limit was hit (`limits`, default), wherever a page or
	 * any other response was not themed (`all`), or nowhere (`none`).
	 */
	readonly report?: 'limits' | 'all' | 'none';
	/**
	 * Whether `X-Theme-Off: yes` (or `X-Diazo-Off`) in a request turns theming off for it, whoever sends it: it shows
	 * nothing that the content does not hold, so a theme must not be what hides things. In responses the field always
	 * counts. Default: true.
	 */
	readonly offFromClients?: boolean;
	/** Whether an upstream that is dead, or answers 502, 503 or 504 without a page, is excused by a themed page. Default: true. */
	readonly failurePages?: boolean;
	/** What such a page says. Default: `failureText`, in English. */
	readonly failureText?: (status: number) => FailureText;
	/**
	 * Whether the query parameter `theme` is obeyed, and taken off: `off` shows the content as it is, `only` the theme without
	 * content, `debug` adds the plan's report. For development: everybody can use it. Default: false.
	 */
	readonly development?: boolean;
	/** Where lines go. Default: stderr. */
	readonly log?: (entry: ThemeLogEntry) => void;
}

/** The options with every default filled in. */
export interface Settings {
	readonly maxBytes: number;
	readonly timeout: number;
	readonly fragments: boolean;
	readonly ignoredExtensions: ReadonlySet<string>;
	readonly defaultCharset: string | null;
	readonly encode: 'as-upstream' | 'always' | 'never';
	readonly contentType: string;
	readonly parameters: Parameters | ((request: RawRequest, context: Context) => Parameters);
	readonly report: 'limits' | 'all' | 'none';
	readonly offFromClients: boolean;
	readonly failurePages: boolean;
	readonly failureText: (status: number) => FailureText;
	readonly development: boolean;
	readonly log: (entry: ThemeLogEntry) => void;
}

const DEFAULTS: Omit<Settings, 'ignoredExtensions' | 'defaultCharset'> = {
	maxBytes: 8_388_608,
	timeout: 10_000,
	fragments: false,
	encode: 'as-upstream',
	contentType: 'text/html',
	parameters: {},
	report: 'limits',
	offFromClients: true,
	failurePages: true,
	failureText,
	development: false,
	log: logToStderr,
};

/** Throws RangeError for a charset that nobody knows and for limits that are not positive numbers. */
export function settingsOf(options: HttpThemeOptions): Settings {
	for (const name of ['maxBytes', 'timeout'] as const) {
		const value = options[name];
		if (value !== undefined && !(value > 0)) throw new RangeError(`Not a positive number: ${name} is ${value}`);
	}
	const given = Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined));
	const { defaultCharset } = options;
	return {
		...DEFAULTS,
		...given,
		ignoredExtensions: new Set(options.ignoredExtensions ?? ignoredExtensions),
		defaultCharset: defaultCharset === undefined ? null : new TextDecoder(defaultCharset).encoding,
	};
}

function logToStderr({ level, message, request }: ThemeLogEntry): void {
	globalThis.process?.stderr.write(`turnabout: ${level}: theme: ${message} [${request}]\n`);
}
