/**
 * Things that live as long as the server: a pool, a log file, a health checker. They are started in order before the
 * first connection is accepted and stopped in reverse after the last one has ended.
 */

import { partsOf } from '../convention/index.ts';

/** Anything with a beginning or an end. `close` is another word for `stop`. */
export interface Resource {
	readonly start?: () => unknown;
	/** Finds out whether it could start, for `turnabout check`, and leaves nothing behind. Throws or rejects when it could not. */
	readonly check?: () => unknown;
	/** Told when the server begins to stop, as long as exchanges are answered: to end what would not end by itself. */
	readonly stopping?: () => unknown;
	/** Opens its files by their names again: told on SIGHUP. */
	readonly reopen?: () => unknown;
	readonly stop?: () => unknown;
	readonly close?: () => unknown;
}

/**
 * What is listed, and what an app brings along: each of the parts that it is known to be made of, from the outside in, and
 * each layer between them, when it is a function or a plain object with `start`, `stop` or `close`. An object of some
 * class is left alone: it is a framework's, whose `stop` means something of its own.
 */
export function resourcesOf(app: object, listed: readonly Resource[] = []): Resource[] {
	const found = new Set<Resource>(listed);
	for (const { app: part, composition } of partsOf(app)) {
		for (const candidate of [composition?.layer, part]) if (isResource(candidate)) found.add(candidate);
	}
	return [...found];
}

/** How many servers of this process use a resource: the first starts it, the last stops it. */
const users = new WeakMap<Resource, number>();

/** Starts all in order. When one fails those already started are stopped, and its error is thrown. */
export async function startAll(resources: readonly Resource[]): Promise<void> {
	for (const [index, resource] of resources.entries()) {
		const before = users.get(resource) ?? 0;
		users.set(resource, before + 1);
		try {
			if (before === 0) await resource.start?.();
		} catch (error) {
			users.delete(resource);
			await stopAll(resources.slice(0, index));
			throw error;
		}
	}
}

/** Tells all, in order, that the server begins to stop, whatever fails; resolves to what was thrown. */
export async function tellStopping(resources: readonly Resource[]): Promise<unknown[]> {
	const last = resources.filter((resource) => (users.get(resource) ?? 1) === 1);
	const told = last.map(async (resource) => resource.stopping?.());
	const results = await Promise.allSettled(told);
	return results.flatMap((result) => (result.status === 'rejected' ? [result.reason] : []));
}

/** Stops all in reverse, whatever fails; resolves to what was thrown. */
export async function stopAll(resources: readonly Resource[]): Promise<unknown[]> {
	const failures: unknown[] = [];
	for (const resource of resources.toReversed()) {
		const left = (users.get(resource) ?? 1) - 1;
		users.set(resource, left);
		if (left > 0) continue;
		try {
			await (resource.stop ?? resource.close)?.call(resource);
		} catch (error) {
			failures.push(error);
		}
	}
	return failures;
}

function isResource(candidate: object | null | undefined): candidate is Resource {
	if (candidate === null || candidate === undefined) return false;
	if (typeof candidate !== 'function' && !isPlain(candidate)) return false;
	const { start, stopping, stop, close } = candidate as Resource;
	return [start, stopping, stop, close].some((method) => typeof method === 'function');
}

function isPlain(value: unknown): value is object {
	if (typeof value !== 'object' || value === null) return false;
	const prototype: unknown = Object.getPrototypeOf(value);
	return prototype === Object.prototype || prototype === null;
}
