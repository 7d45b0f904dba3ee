/** HTTP/1.1, and HTTP/2 where clients ask for it, by Deno's own server. */
import { peerHost } from '../../addresses/index.ts';
import type { Address, App } from '../../convention/index.ts';
import type { Engine, ListenOptions } from '../engine.ts';
import type { FetchBorder } from '../fetch-exchange.ts';
import { FetchListener } from '../fetch-listener.ts';
import { type FetchEngineOptions, type FetchSettings, fetchSettings, refuseBeginnings } from '../fetch-settings.ts';
import { pemPair } from '../pem-text.ts';
import {
	type DenoAddress,
	type DenoInfo,
	type DenoRuntime,
	type DenoServeOptions,
	type DenoServer,
	denoRuntime,
} from './runtime.ts';

/** Idle connections are Deno's affair alone. */
const TIMEOUTS = ['bodyIdle', 'write', 'total'] as const;

/**
 * The engine over `Deno.serve`, plain or TLS. Apps get Deno's own Request, and `raw` knows the exchange behind it. There are
 * no 1xx, trailers or tunnels; fields are sorted, and those of a request joined. Where nothing is to be answered, the client
 * sees a head and a cut. Throws Error on another runtime, TypeError or RangeError for an option that is none; `listen`
 * rejects with TypeError when it is to ask for client certificates, which Deno cannot.
 */
export function denoServe(options: FetchEngineOptions = {}): Engine {
	const deno = denoRuntime();
	if (deno === null)
		throw new Error(
			'The engine deno is Deno.serve: it needs Deno. Start the program with `deno run`, or take another engine.',
		);
	const settings = fetchSettings(options, TIMEOUTS);
	return { name: 'deno', listen: async (app, listen) => new DenoListener(deno, app, settings, listen) };
}

class DenoListener extends FetchListener {
	readonly address: Address;
	protected readonly boundsBodies = false;
	private readonly server: DenoServer;
	private readonly controller: AbortController = new AbortController();
	private finished = false;

	constructor(deno: DenoRuntime, app: App, settings: FetchSettings, listen: ListenOptions) {
		super(app, settings, listen.tls !== undefined);
		refuseBeginnings('Deno.serve', listen);
		this.server = deno.serve(this.optionsOf(listen), (request, info) =>
			this.serve(request, addressOf(info.remoteAddr), borderOf(info)),
		);
		const finished = (): void => {
			this.finished = true;
		};
		this.server.finished.then(finished, finished);
		this.address = addressOf(this.server.addr);
		this.accepting();
	}

	private optionsOf(listen: ListenOptions): DenoServeOptions {
		const { tls } = listen;
		if (tls?.clientAuthorities !== undefined)
			throw new TypeError('tls.clientAuthorities: Deno.serve does not ask for client certificates');
		return {
			...placeOf(listen),
			...(tls && pemPair('Deno.serve', tls)),
			signal: this.controller.signal,
			onListen: () => {},
			// A response that we have cut ends here; it is logged already.
			onError: () => new Response('500 Internal Server Error\n', { status: 500 }),
		};
	}

	protected stopAccepting(): Promise<void> {
		return this.server.shutdown();
	}

	protected async cutAll(): Promise<void> {
		// Deno trips over an abort behind the end, and takes the process along.
		if (this.finished) return;
		this.controller.abort();
		await this.server.finished.catch(() => {});
	}
}

function placeOf(listen: ListenOptions): Pick<DenoServeOptions, 'hostname' | 'port' | 'reusePort' | 'path'> {
	if ('path' in listen) return { path: listen.path };
	if ('fd' in listen) throw new TypeError('fd: Deno.serve opens its sockets itself');
	const { host, port, reusePort } = listen;
	return { hostname: host, port, ...(reusePort === true && { reusePort }) };
}

function addressOf(address: DenoAddress): Address {
	if (address.transport === 'unix') return { kind: 'unix', path: address.path };
	return { kind: 'ip', host: peerHost(address.hostname), port: address.port };
}

function borderOf({ completed }: DenoInfo): FetchBorder {
	return { completed, patience: () => {} };
}
