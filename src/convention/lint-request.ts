/** What an engine, or middleware in its place, must call an app with: rules 1, 2 and 9. */
import { isToken } from '../fields/index.ts';
import type { RawRequest } from './app.ts';
import type { Context } from './context.ts';
import { LintError } from './lint-error.ts';
import { isByteString, lintFields } from './lint-fields.ts';
import { isSource } from './payload.ts';

/** Throws LintError unless the arguments are those of an app. */
export function lintArguments(request: unknown, context: unknown, execution: unknown): void {
	if (!(request instanceof Request)) throw new LintError(1, 'An app was called with something that is no Request');
	if (typeof context !== 'object' || context === null) throw new LintError(1, 'An app was called without a context');
	if (execution !== undefined && execution !== context) {
		throw new LintError(1, 'The third argument of an app is the context again');
	}
}

const METHODS = [
	'get',
	'set',
	'has',
	'inform',
	'waitUntil',
	'onClosed',
	'offClosed',
	'onFinished',
	'passThroughOnException',
] as const;
const ABILITIES = ['inform', 'trailers', 'tunnel', 'rawFields', 'halfClose', 'sendFile'] as const;

/** Throws LintError for a context that lacks something or says something of another type. */
export function lintContext(context: Context): void {
	const missing = METHODS.find((name) => typeof context[name] !== 'function');
	if (missing !== undefined) throw new LintError(1, `The context has no method ${missing}`);
	const vague = ABILITIES.find((name) => typeof context.can?.[name] !== 'boolean');
	if (vague !== undefined) throw new LintError(1, `The context does not say whether it can ${vague}`);
	if (!(context.closed instanceof AbortSignal)) throw new LintError(1, 'The context has no signal closed');
	if (typeof context.finished?.then !== 'function') throw new LintError(1, 'The context has no promise finished');
	if (typeof context.mount !== 'string') throw new LintError(1, 'The context has no mount');
	if (typeof context.connection !== 'object') throw new LintError(1, 'The context has no connection');
	if (!Array.isArray(context.offers)) throw new LintError(9, 'The context has no list of offers');
}

/** Throws LintError for a raw request that no engine may make. */
export function lintRequest(request: RawRequest): void {
	if (!isToken(request.method)) throw new LintError(2, 'The method is not a token');
	if (!isByteString(request.target)) throw new LintError(2, 'The target is not a byte string, or holds white space');
	if (!fitsForm(request)) throw new LintError(2, `The target is not in ${request.form}-form`);
	if (!['1.0', '1.1', '2'].includes(request.version)) throw new LintError(1, `There is no version ${request.version}`);
	if (request.scheme !== 'http' && request.scheme !== 'https')
		throw new LintError(1, 'The scheme is not http or https');
	if (typeof request.authority !== 'string') throw new LintError(1, 'The authority is not a string');
	lintFields(request.fields, 'request');
	if (request.payload !== null && !isSource(request.payload))
		throw new LintError(4, 'The request payload is not a source');
}

function fitsForm({ form, target, method }: RawRequest): boolean {
	if (form === 'origin') return target.startsWith('/');
	if (form === 'absolute') return /^[a-z][a-z0-9+.-]*:/i.test(target);
	if (form === 'asterisk') return target === '*';
	return form === 'authority' && method === 'CONNECT' && !target.includes('/');
}
