/** Options of a reverse proxy that could not be meant are refused when it is made, not missed for long. */
import { HTTP_VERSIONS, poolLimits, upstreamTimeouts } from '../../client/index.ts';
import { checkNames, checkObject, shown } from '../../names/index.ts';
import type { ReverseOptions } from './options.ts';

const CHOICES: Readonly<Record<string, readonly unknown[]>> = {
	host: ['keep', 'upstream'],
	http: HTTP_VERSIONS,
	proxyHeader: [1, 2],
	location: ['keep', 'map'],
	via: [true, false],
	proxyStatus: [true, false],
};
const FUNCTIONS: readonly string[] = ['rewrite', 'onResponse', 'log', 'guard', 'resolve'];
/** Options that are objects, with their names; null where another part knows them. */
const GROUPS: Readonly<Record<string, readonly string[] | null>> = {
	forwarded: ['trust', 'send'],
	prefix: ['strip', 'add'],
	cookies: ['domain', 'path'],
	timeouts: Object.keys(upstreamTimeouts),
	pool: Object.keys(poolLimits),
	tls: ['ca', 'cert', 'key', 'serverName', 'verify'],
	limits: null,
	leniencies: null,
};
const NAMES = [...Object.keys(CHOICES), ...FUNCTIONS, ...Object.keys(GROUPS), 'name', 'maxForwards', 'parent'];
const SEND: readonly unknown[] = ['both', 'forwarded', 'x-forwarded', 'none'];

/** Throws TypeError with the option's name and the reason. */
export function checkReverseOptions(options: ReverseOptions): void {
	checkObject('reverse', options, "{ host: 'upstream' }");
	checkNames('reverse: ', options, NAMES);
	const given = options as Readonly<Record<string, unknown>>;
	for (const [name, values] of Object.entries(CHOICES)) oneOf(name, given[name], values);
	for (const name of FUNCTIONS) {
		const value = given[name];
		if (value !== undefined && typeof value !== 'function')
			throw new TypeError(`reverse: ${name} must be a function, not ${shown(value)}`);
	}
	for (const [name, known] of Object.entries(GROUPS)) checkGroup(name, given[name], known);
	oneOf('forwarded.send', options.forwarded?.send, SEND);
	const { maxForwards } = options;
	if (maxForwards !== undefined && !(Number.isSafeInteger(maxForwards) && maxForwards >= 0))
		throw new TypeError(`reverse: maxForwards must be a whole number from 0 up, not ${shown(maxForwards)}`);
}

function checkGroup(name: string, value: unknown, known: readonly string[] | null): void {
	if (value === undefined) return;
	if (typeof value !== 'object' || value === null)
		throw new TypeError(`reverse: ${name} must be an object, not ${shown(value)}`);
	if (known !== null) checkNames(`reverse: ${name}.`, value, known);
}

function oneOf(name: string, value: unknown, values: readonly unknown[]): void {
	if (value === undefined || values.includes(value)) return;
	throw new TypeError(`reverse: ${name} must be ${values.map((one) => shown(one)).join(' or ')}, not ${shown(value)}`);
}
