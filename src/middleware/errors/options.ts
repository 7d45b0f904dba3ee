/** How errors are logged and shown. */
import type { Context, RawRequest } from '../../convention/index.ts';
import { checkNames, checkObject } from '../../names/index.ts';
import { type ErrorLog, type ErrorLogEntry, errorLogOf, isLogger, type LeveledLogger } from './error-log.ts';

/** What a page may tell of an error. Escape every text for the language of the page. */
export interface ErrorFacts {
	readonly status: number;
	/** The status in words: `Not Found`. */
	readonly title: string;
	/** The message of an HttpError that is meant for the client; null for all others. */
	readonly detail: string | null;
	/** The request's id, where `requestId` stands around; null otherwise. */
	readonly id: string | null;
	/** What the client would rather have, by its Accept. */
	readonly wants: 'html' | 'json';
	/** What was thrown. Never to be shown as it is: messages and stacks tell of what nobody outside should know. */
	readonly error: unknown;
}

/** Makes a page: a response, HTML as text, or null for the page that would be shown without it. */
export type ErrorPage = (
	facts: ErrorFacts,
	request: RawRequest,
	context: Context,
) => Response | string | null | Promise<Response | string | null>;

export interface ErrorsOptions {
	/** Who is told what failed: a function, a logger such as pino's, or false for nobody. Default: lines on stderr. */
	readonly log?: ((entry: ErrorLogEntry) => void) | LeveledLogger | false;
	/** Pages of your own. Where one fails, the built-in page is shown. */
	readonly page?: ErrorPage;
	/** Shows stacks and source code to everybody who asks. Refused where NODE_ENV is `production`. Default: false. */
	readonly development?: boolean;
}

export interface ErrorsSettings {
	readonly log: ErrorLog;
	readonly page: ErrorPage | null;
	readonly development: boolean;
}

/** Throws TypeError for what cannot be meant, naming the option. */
export function errorsSettings(options: ErrorsOptions): ErrorsSettings {
	checkObject('errors', options, '{ log: false }');
	checkNames('errors: ', options, ['log', 'page', 'development']);
	const { log, page = null, development = false } = options;
	if (log !== undefined && log !== false && typeof log !== 'function' && !isLogger(log))
		throw new TypeError('errors: log must be a function, a logger with error, warn and debug, or false');
	if (page !== null && typeof page !== 'function')
		throw new TypeError(`errors: page must be a function, not ${JSON.stringify(page)}`);
	if (typeof development !== 'boolean')
		throw new TypeError(`errors: development must be true or false, not ${JSON.stringify(development)}`);
	if (development && globalThis.process?.env['NODE_ENV'] === 'production')
		throw new TypeError('errors: development must not be true where NODE_ENV is production: it shows source code');
	return { log: errorLogOf(log), page, development };
}
