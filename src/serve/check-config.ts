/**
 * What is wrong with a configuration, in words. One row per setting: to add a setting, add a row and its type in
 * define-config.ts. Everything wrong is reported at once, so that one run of `turnabout check` is enough.
 */
import { checkedRanges } from '../addresses/index.ts';
import { tlsFaults } from '../certificates/index.ts';
import { connectionLimits, engineTimeouts } from '../engine/index.ts';
import { accessLogSettings } from '../middleware/access-log/index.ts';
import { nearest } from '../names/index.ts';
import { h1Limits } from '../protocol/h1/index.ts';
import { AddressError, DEFAULT_ADDRESS, parseAddress } from './address.ts';
import { adminFaults } from './admin/index.ts';
import { refuse } from './check-composition.ts';
import type { Config, ListenObject, ListenSetting, ServeOptions } from './define-config.ts';
import { ENGINES, isEngineName, socksFault } from './engine-by-name.ts';
import type { Listening } from './listen.ts';
import { destinationFault, passThroughFaults } from './pass-through.ts';
import { messageOf } from './start-error.ts';

/** Adds sentences to `wrong`, each beginning with the setting's name. */
type Check = (value: unknown, name: string, wrong: string[]) => void;

const checks: Readonly<Record<keyof Config, Check>> = {
	app: checkApp,
	listen: (value, name, wrong) => {
		const list = Array.isArray(value) ? value : [value];
		if (list.length === 0) wrong.push(`${name} is an empty list`);
		for (const [index, item] of list.entries())
			checkListen(item, Array.isArray(value) ? `${name}[${index}]` : name, wrong);
	},
	accessLog: checkAccessLog,
	drain: expect('a number of milliseconds', isAmount),
	workers: expect('a whole number from 1 up', (value) => Number.isInteger(value) && Number(value) >= 1),
	limits: amounts({ ...h1Limits, ...connectionLimits }),
	timeouts: amounts(engineTimeouts),
	resources: expect(
		'a list of objects with start, stop or close',
		(value) => Array.isArray(value) && value.every((item) => isObject(item) || typeof item === 'function'),
	),
	engine: expect(`an engine or one of ${ENGINES.join(', ')}`, isEngine),
	admin: (value, name, wrong) => void wrong.push(...adminFaults(value, name)),
	socks: expect('true or false', (value) => typeof value === 'boolean'),
};

/** Every way in which `value` is no configuration; empty when it is one. */
export function faultsOf(value: unknown): string[] {
	if (!isObject(value)) return [`the default export is ${kind(value)}, not a configuration object`];
	const wrong: string[] = [];
	for (const name of Object.keys(value)) {
		if (!Object.hasOwn(checks, name)) wrong.push(`${name}: ${unknown(name, Object.keys(checks))}`);
	}
	for (const [name, check] of Object.entries(checks)) {
		const setting = (value as Record<string, unknown>)[name];
		if (setting !== undefined || name === 'app') check(setting, name, wrong);
	}
	if (wrong.length === 0) wrong.push(...clashes(value as unknown as Config));
	return wrong;
}

/** The listeners that a valid setting asks for. Throws AddressError. */
export function listenings(setting: ServeOptions['listen'] = DEFAULT_ADDRESS): Listening[] {
	const list: readonly ListenSetting[] = Array.isArray(setting) ? setting : [setting as ListenSetting];
	return list.map((item) => {
		if (typeof item !== 'object') return { place: parseAddress(String(item)) };
		const { address, ...spoken } = item;
		return { place: parseAddress(String(address)), ...spoken };
	});
}

/** Throws StartError, naming `source`, unless `value` is a configuration. */
export function checkConfig(value: unknown, source: string): Config {
	const wrong = faultsOf(value);
	if (wrong.length === 0) return value as Config;
	refuse(source, wrong, 'A configuration is `export default defineConfig({ listen: "127.0.0.1:8080", app })`.');
	return value as Config;
}

function clashes(config: Config): string[] {
	const wrong: string[] = [];
	const sockets = listenings(config.listen).filter(({ place }) => place.kind !== 'ip');
	if ((config.workers ?? 1) > 1 && sockets.length > 0)
		wrong.push('workers: several processes cannot share a unix: socket, nor one that is passed on');
	const fault = socksFault(config);
	if (fault !== null) wrong.push(fault);
	return wrong;
}

function checkApp(value: unknown, name: string, wrong: string[]): void {
	if (typeof value === 'function') return;
	if (isObject(value) && 'fetch' in value && typeof value.fetch === 'function') return;
	wrong.push(
		value === undefined ? `${name} is missing` : `${name} is ${kind(value)}, not a function or an object with fetch`,
	);
}

const LISTEN_NAMES: readonly string[] = ['address', 'tls', 'proxyHeaderFrom', 'tunnel', 'passThrough'];

function checkListen(value: unknown, name: string, wrong: string[]): void {
	if (isObject(value)) {
		for (const key of Object.keys(value)) {
			if (!LISTEN_NAMES.includes(key)) wrong.push(`${name}.${key}: ${unknown(key, LISTEN_NAMES)}`);
		}
		const { address, tls, proxyHeaderFrom, tunnel, passThrough } = value as unknown as ListenObject;
		const fault = tunnel === undefined ? null : destinationFault(`${name}.tunnel`, tunnel);
		if (fault !== null) wrong.push(fault);
		if (passThrough !== undefined) wrong.push(...passThroughFaults(passThrough, `${name}.passThrough`));
		if (passThrough !== undefined && tls === undefined)
			wrong.push(`${name}.passThrough: only TLS asks for names; give the listener tls, for those that are ours`);
		if (proxyHeaderFrom !== undefined) checkRanges(proxyHeaderFrom, `${name}.proxyHeaderFrom`, wrong);
		if (tls !== undefined) wrong.push(...tlsFaults(tls, `${name}.tls`));
		checkAddress(address, `${name}.address`, wrong);
	} else checkAddress(value, name, wrong);
}

function checkRanges(value: unknown, name: string, wrong: string[]): void {
	if (!Array.isArray(value)) {
		wrong.push(`${name} is ${kind(value)}, not a list of addresses`);
		return;
	}
	try {
		for (const text of value) if (text !== 'unix') checkedRanges(name, text);
	} catch (error) {
		wrong.push(messageOf(error));
	}
}

function checkAddress(value: unknown, name: string, wrong: string[]): void {
	if (typeof value !== 'string' && typeof value !== 'number') {
		wrong.push(`${name} is ${kind(value)}, not an address`);
		return;
	}
	try {
		parseAddress(String(value));
	} catch (error) {
		if (!(error instanceof AddressError)) throw error;
		wrong.push(`${name} ${JSON.stringify(value)}: ${error.message}. ${error.hint}`);
	}
}

function amounts(known: object): Check {
	return (value, name, wrong) => {
		if (!isObject(value)) {
			wrong.push(`${name} is ${kind(value)}, not an object`);
			return;
		}
		for (const [key, amount] of Object.entries(value)) {
			if (!Object.hasOwn(known, key)) wrong.push(`${name}.${key}: ${unknown(key, Object.keys(known))}`);
			else if (!isAmount(amount)) wrong.push(`${name}.${key} is ${kind(amount)}, not a number from 0 up`);
		}
	};
}

function expect(what: string, fits: (value: unknown) => boolean): Check {
	return (value, name, wrong) => {
		if (!fits(value)) wrong.push(`${name} is ${kind(value)}, not ${what}`);
	};
}

function unknown(name: string, names: readonly string[]): string {
	const near = nearest(name, names);
	return near === null ? `no such setting; there are ${names.join(', ')}` : `no such setting; did you mean ${near}?`;
}

function isEngine(value: unknown): boolean {
	return isEngineName(value) || (isObject(value) && 'listen' in value && typeof value.listen === 'function');
}

function isAmount(value: unknown): boolean {
	return typeof value === 'number' && value >= 0;
}

function isObject(value: unknown): value is object {
	return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** A value in words, short. */
function kind(value: unknown): string {
	if (value === undefined) return 'missing';
	if (value === null) return 'null';
	if (Array.isArray(value)) return 'a list';
	if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean')
		return JSON.stringify(value);
	return typeof value === 'function' ? 'a function' : `an ${typeof value}`.replace('an symbol', 'a symbol');
}

function checkAccessLog(value: unknown, name: string, wrong: string[]): void {
	if (!isObject(value)) {
		const check = expect(
			'-, off, the path of a file, or options of accessLog',
			(text) => typeof text === 'string' && text !== '',
		);
		return check(value, name, wrong);
	}
	try {
		accessLogSettings(value);
	} catch (error) {
		wrong.push(messageOf(error));
	}
}
