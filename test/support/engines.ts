/** The table of engines that the wire scripts run against, and listeners that end with their test. */
import type { TestContext } from 'node:test';
import type { App } from '../../src/convention/index.ts';
import { h1 } from '../../src/engine/h1/index.ts';
import type { Engine, Listener, ListenOptions } from '../../src/engine/index.ts';

/** What tests set on an engine; every engine takes the same words. */
export type EngineOptions = NonNullable<Parameters<typeof h1>[0]>;

export const engines: readonly { readonly name: string; readonly make: (options: EngineOptions) => Engine }[] = [
	{ name: 'h1', make: (options) => h1(options) },
];

/** Listens with the HTTP/1.1 engine, on a free port of 127.0.0.1 unless told otherwise, until the test is over. */
export async function listen(
	t: TestContext,
	app: App,
	options: EngineOptions = {},
	where: ListenOptions = { host: '127.0.0.1', port: 0 },
	make: (options: EngineOptions) => Engine = h1,
): Promise<Listener> {
	const listener = await make(options).listen(app, where);
	t.after(() => listener.close());
	return listener;
}

/** The port a listener has got. */
export function portOf(listener: Listener): number {
	if (listener.address.kind !== 'ip') throw new Error('This listener has no port.');
	return listener.address.port;
}
