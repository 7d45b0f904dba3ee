/**
 * Things that live as long as the server: a pool, a log file, a health checker. They are started in order before the
 * first connection is accepted and stopped in reverse after the last one has ended.
 */

/** Anything with a beginning or an end. `close` is another word for `stop`. */
export interface Resource {
	readonly start?: () => unknown;
	/** Finds out whether it could start, for `turnabout check`, and leaves nothing behind. Throws or rejects when it could not. */
	readonly check?: () => unknown;
	/** Told when the server begins to stop, as long as exchanges are answered: to end what would not end by itself. */
	readonly stopping?: () => unknown;
	readonly stop?: () => unknown;
	readonly close?: () => unknown;
}

/**
 * What an app brings along: the app itself when it is a function or a plain object with `start`, `stop` or `close`.
 * An object of some class is left alone: it is a framework's, whose `stop` means something of its own.
 */
export function resourcesOf(app: unknown): Resource[] {
	if (app === null || (typeof app !== 'function' && !isPlain(app))) return [];
	const { start, stop, close } = app as Resource;
	return [start, stop, close].some((method) => typeof method === 'function') ? [app as Resource] : [];
}

/** Starts all in order. When one fails those already started are stopped, and its error is thrown. */
export async function startAll(resources: readonly Resource[]): Promise<void> {
	for (const [index, resource] of resources.entries()) {
		try {
			await resource.start?.();
		} catch (error) {
			await stopAll(resources.slice(0, index));
			throw error;
		}
	}
}

/** Tells all, in order, that the server begins to stop, whatever fails; resolves to what was thrown. */
export async function tellStopping(resources: readonly Resource[]): Promise<unknown[]> {
	const told = resources.map(async (resource) => resource.stopping?.());
	const results = await Promise.allSettled(told);
	return results.flatMap((result) => (result.status === 'rejected' ? [result.reason] : []));
}

/** Stops all in reverse, whatever fails; resolves to what was thrown. */
export async function stopAll(resources: readonly Resource[]): Promise<unknown[]> {
	const failures: unknown[] = [];
	for (const resource of resources.toReversed()) {
		try {
			await (resource.stop ?? resource.close)?.call(resource);
		} catch (error) {
			failures.push(error);
		}
	}
	return failures;
}

function isPlain(value: unknown): value is object {
	if (typeof value !== 'object' || value === null) return false;
	const prototype: unknown = Object.getPrototypeOf(value);
	return prototype === Object.prototype || prototype === null;
}
