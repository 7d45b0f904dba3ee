/** What is mirrored, and who compares. */
import type { App, Context, RawRequest } from '../../convention/index.ts';
import { checkNames, checkObject, shown } from '../../names/index.ts';

/** How one of the two has answered; the body is not read. */
export interface MirroredAnswer {
	/** 0 where there was no answer, but `error`. */
	readonly status: number;
	readonly fields: RawRequest['fields'];
	/** Milliseconds to the head. */
	readonly time: number;
	readonly error: unknown;
}

export interface MirrorOptions {
	/** The share of requests that are mirrored, from 0 to 1, or who says which. Default: all of them. */
	readonly share?: number | ((request: RawRequest, context: Context) => boolean);
	/** Told how both have answered. What it throws is logged. */
	readonly compare?: (request: RawRequest, first: MirroredAnswer, second: MirroredAnswer) => void;
	/** Bytes of a body that are kept to be sent twice; a request with more is not mirrored. Default: 65,536. */
	readonly bodyBytes?: number;
	/** Requests that the second may have under way; more are not mirrored. Default: 100. */
	readonly concurrency?: number;
	/** Milliseconds that the second has to answer whole; 0 is no end. Default: 30,000. */
	readonly timeout?: number;
	/** Methods that are mirrored. Default: GET and HEAD alone, which change nothing. */
	readonly methods?: readonly string[];
}

export interface MirrorSettings {
	readonly second: App;
	readonly isWanted: (request: RawRequest, context: Context) => boolean;
	readonly compare: MirrorOptions['compare'] | null;
	readonly bodyBytes: number;
	readonly concurrency: number;
	readonly timeout: number;
	readonly methods: ReadonlySet<string>;
}

/** Throws TypeError or RangeError with the option's name and the reason. */
export function mirrorSettings(second: App, options: MirrorOptions): MirrorSettings {
	if (typeof second !== 'function') throw new TypeError(`mirror: the second is no app, but ${shown(second)}`);
	checkObject('mirror', options, '{ share: 0.1 }');
	checkNames('mirror: ', options, ['share', 'compare', 'bodyBytes', 'concurrency', 'timeout', 'methods']);
	const { share = 1, compare = null, methods = ['GET', 'HEAD'] } = options;
	const { bodyBytes = 65_536, concurrency = 100, timeout = 30_000 } = options;
	if (typeof share !== 'function' && !(typeof share === 'number' && share >= 0 && share <= 1))
		throw new RangeError(`mirror: share must be a number from 0 to 1 or a function, not ${shown(share)}`);
	if (compare !== null && typeof compare !== 'function')
		throw new TypeError(`mirror: compare must be a function, not ${shown(compare)}`);
	for (const [name, value] of Object.entries({ bodyBytes, concurrency, timeout }))
		if (typeof value !== 'number' || !(value >= 0))
			throw new RangeError(`mirror: ${name} must be a number from 0 up, not ${shown(value)}`);
	if (!Array.isArray(methods) || !methods.every((method) => typeof method === 'string'))
		throw new TypeError(`mirror: methods must be a list of methods, not ${shown(methods)}`);
	const isWanted = typeof share === 'function' ? share : (): boolean => share === 1 || Math.random() < share;
	return { second, isWanted, compare, bodyBytes, concurrency, timeout, methods: new Set(methods) };
}
