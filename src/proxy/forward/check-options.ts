/** Options of a forward proxy that could not be meant are refused when it is made. */
import { parseParent, poolLimits, publicAddresses, upstreamTimeouts } from '../../client/index.ts';
import { checkNames, shown } from '../../names/index.ts';
import type { ForwardOptions } from './options.ts';

const FUNCTIONS = ['policy', 'guard', 'inner', 'local', 'audit', 'log', 'resolve'] as const;
/** Options within options; null where whoever reads them checks them. */
const GROUPS: Readonly<Record<string, readonly string[] | null>> = {
	timeouts: Object.keys(upstreamTimeouts),
	pool: Object.keys(poolLimits),
	tls: ['ca', 'cert', 'key', 'serverName', 'verify'],
	limits: null,
	leniencies: null,
	intercept: null,
};
const NAMES = [
	...FUNCTIONS,
	...Object.keys(GROUPS),
	'policyTimeout',
	'ports',
	'allowPrivate',
	'parent',
	'name',
	'via',
	'maxForwards',
	'origins',
];

/** Throws TypeError or RangeError with the option's name and the reason. */
export function checkForwardOptions(options: ForwardOptions): void {
	if (typeof options !== 'object' || options === null)
		throw new TypeError(`forward: the options must be an object, such as { ports: [443] }, not ${shown(options)}`);
	checkNames('forward: ', options, NAMES);
	const given = options as Readonly<Record<string, unknown>>;
	for (const name of FUNCTIONS) check(name, given[name], (value) => typeof value === 'function', 'a function');
	for (const [name, known] of Object.entries(GROUPS)) {
		check(name, given[name], (value) => typeof value === 'object' && value !== null, 'an object');
		if (known !== null && given[name] !== undefined) checkNames(`forward: ${name}.`, given[name] as object, known);
	}
	check('via', given['via'], (value) => typeof value === 'boolean', 'true or false');
	check('maxForwards', given['maxForwards'], (value) => isWhole(value, 0), 'a whole number from 0 up');
	check('policyTimeout', given['policyTimeout'], (value) => isWhole(value, 0), 'a whole number from 0 up');
	check('origins', given['origins'], (value) => isWhole(value, 1), 'a whole number from 1 up');
	if (given['ports'] !== null) check('ports', given['ports'], arePorts, 'a list of ports from 1 to 65535, or null');
	checkRanges(given);
	checkParent(given['parent']);
}

function checkParent(parent: unknown): void {
	check(
		'parent',
		parent,
		(value) => value === null || /string|object|function/.test(typeof value),
		'a URL or a function',
	);
	try {
		if (typeof parent === 'string') parseParent(parent);
	} catch (error) {
		throw new TypeError(`forward: parent: ${(error as Error).message}`, { cause: error });
	}
}

function checkRanges({ allowPrivate, guard }: Readonly<Record<string, unknown>>): void {
	if (allowPrivate === undefined) return;
	check('allowPrivate', allowPrivate, Array.isArray, 'a list of addresses and ranges');
	if (guard !== undefined)
		throw new TypeError(
			'forward: allowPrivate opens the guard that is built in; with a guard of your own it would mean nothing',
		);
	try {
		publicAddresses({ allow: allowPrivate as string[] });
	} catch (error) {
		throw new TypeError(`forward: allowPrivate: ${(error as Error).message}`, { cause: error });
	}
}

function check(name: string, value: unknown, fits: (value: unknown) => boolean, wanted: string): void {
	if (value === undefined || fits(value)) return;
	throw new TypeError(`forward: ${name} must be ${wanted}, not ${shown(value)}`);
}

function arePorts(value: unknown): boolean {
	return Array.isArray(value) && value.every((port) => isWhole(port, 1) && (port as number) <= 65_535);
}

function isWhole(value: unknown, least: number): boolean {
	return typeof value === 'number' && Number.isSafeInteger(value) && value >= least;
}
