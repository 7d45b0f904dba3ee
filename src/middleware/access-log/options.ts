/** What is logged of exchanges, of which, and where it goes. */
import type { Context, Outcome, RawRequest } from '../../convention/index.ts';
import { checkNames, checkObject, shown } from '../../names/index.ts';
import { type Redact, redactorOf } from './redact.ts';

export type AccessLogFormat = 'json' | 'combined' | 'common';

/** A logger as pino's: an object first, then the message. */
export interface AccessLogger {
	info(entry: object, message: string): void;
	warn(entry: object, message: string): void;
	error(entry: object, message: string): void;
}

export type ExtraFields = Readonly<Record<string, unknown>>;

export interface AccessLogOptions {
	/**
	 * `combined` (default), as nginx and Apache have it, with the milliseconds behind; `common` without those, Referer and
	 * User-Agent; `json`, one object a line, as pino writes it. A logger is always given objects.
	 */
	readonly format?: AccessLogFormat;
	/** `-` for stdout (default), a file to append to, a function of the line, or a logger such as pino's. */
	readonly to?: string | ((line: string) => void) | AccessLogger;
	/**
	 * Names of further query parameters whose values are left out, in any case; `query` leaves out whole queries. Parameters
	 * that look like secrets (token, password, api_key, code …) are left out whatever is said here.
	 */
	readonly redact?: readonly string[] | 'query';
	/**
	 * Which exchanges are logged: a share from 0 to 1, or a function. Those that were answered 500 and up or cut short are
	 * logged always. Default: 1.
	 */
	readonly sample?: number | ((request: RawRequest, context: Context, outcome: Outcome) => boolean);
	/** More for each object: asked when the exchange is over. A name that the log has already is passed over. Not for `combined` and `common`. */
	readonly fields?: (request: RawRequest, context: Context, outcome: Outcome) => ExtraFields;
}

export interface AccessLogSettings {
	readonly format: AccessLogFormat;
	readonly to: string | ((line: string) => void) | AccessLogger;
	readonly redact: Redact;
	readonly sample: NonNullable<AccessLogOptions['sample']>;
	readonly fields: AccessLogOptions['fields'] | null;
}

const FORMATS: readonly string[] = ['json', 'combined', 'common'];

/** Throws TypeError or RangeError for what cannot be meant, naming the option. */
export function accessLogSettings(options: AccessLogOptions): AccessLogSettings {
	checkObject('accessLog', options, "{ to: 'access.log' }");
	checkNames('accessLog: ', options, ['format', 'to', 'redact', 'sample', 'fields']);
	const { to = '-', redact, sample = 1, fields = null } = options;
	const { format = isLogger(to) ? 'json' : 'combined' } = options;
	if (!FORMATS.includes(format)) throw wrong('format', FORMATS.join(', '), format);
	if (typeof to === 'string' ? to === '' : typeof to !== 'function' && !isLogger(to))
		throw wrong('to', '-, the path of a file, a function, or a logger with info, warn and error', to);
	if (isLogger(to) && format !== 'json') throw wrong('format', 'json where to is a logger', format);
	const names = Array.isArray(redact) && redact.every((name) => typeof name === 'string' && name !== '');
	if (redact !== undefined && redact !== 'query' && !names)
		throw wrong('redact', "a list of parameters' names, or 'query'", redact);
	if (typeof sample !== 'function' && typeof sample !== 'number')
		throw wrong('sample', 'a number from 0 to 1, or a function', sample);
	if (typeof sample === 'number' && !(sample >= 0 && sample <= 1))
		throw new RangeError(`accessLog: sample must be from 0 to 1, not ${sample}`);
	if (fields !== null && typeof fields !== 'function') throw wrong('fields', 'a function of the exchange', fields);
	if (fields !== null && format !== 'json')
		throw new TypeError(`accessLog: fields have no place in a line of format ${format}; take json`);
	return { format, to, redact: redactorOf(redact), sample, fields };
}

export function isLogger(to: unknown): to is AccessLogger {
	if (typeof to !== 'object' || to === null) return false;
	const { info, warn, error } = to as Partial<AccessLogger>;
	return [info, warn, error].every((method) => typeof method === 'function');
}

function wrong(option: string, wanted: string, given: unknown): TypeError {
	return new TypeError(`accessLog: ${option} must be ${wanted}, not ${shown(given)}`);
}
