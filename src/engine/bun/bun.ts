/** HTTP/1.1 by Bun's own server. */
import { peerHost } from '../../addresses/index.ts';
import type { TlsOptions } from '../../certificates/index.ts';
import type { Address, App } from '../../convention/index.ts';
import type { Engine, ListenOptions } from '../engine.ts';
import { FetchListener } from '../fetch-listener.ts';
import { type FetchEngineOptions, type FetchSettings, fetchSettings, refuseBeginnings } from '../fetch-settings.ts';
import { pemPair, pemText } from '../pem-text.ts';
import { type BunRuntime, type BunServeOptions, type BunServer, bunRuntime } from './runtime.ts';

const TIMEOUTS = ['bodyIdle', 'keepAlive', 'write', 'total'] as const;

/** The longest idle time that Bun takes, in seconds. */
const LONGEST = 255;

/**
 * The engine over `Bun.serve`, plain or TLS. Apps get Bun's own Request, and `raw` knows the exchange behind it. There are no
 * 1xx, trailers or tunnels; fields are sorted and joined, and paths are tidied (`/a/../b` arrives as `/b`). Time-outs over
 * 255 seconds count as 255 where Bun keeps them. Throws Error on another runtime, TypeError or RangeError for an option that is none.
 */
export function bunServe(options: FetchEngineOptions = {}): Engine {
	const bun = bunRuntime();
	if (bun === null)
		throw new Error('The engine bun is Bun.serve: it needs Bun. Start the program with `bun`, or take another engine.');
	const settings = fetchSettings(options, TIMEOUTS);
	return { name: 'bun', listen: async (app, listen) => new BunListener(bun, app, settings, listen) };
}

class BunListener extends FetchListener {
	readonly address: Address;
	protected readonly boundsBodies = true;
	private readonly server: BunServer;

	constructor(bun: BunRuntime, app: App, settings: FetchSettings, listen: ListenOptions) {
		super(app, settings, listen.tls !== undefined);
		refuseBeginnings('Bun.serve', listen);
		this.server = bun.serve({
			...placeOf(listen),
			...(listen.tls && { tls: tlsOf(listen.tls) }),
			idleTimeout: seconds(settings.timeouts.keepAlive),
			maxRequestBodySize: Math.min(settings.limits.bodyBytes, Number.MAX_SAFE_INTEGER),
			development: false,
			fetch: (request, server) => this.serve(request, this.remoteOf(request), borderOf(request, server)),
			error: () => new Response('500 Internal Server Error\n', { status: 500 }),
		});
		const { hostname = '', port = 0 } = this.server;
		this.address = 'path' in listen ? { kind: 'unix', path: listen.path } : { kind: 'ip', host: hostname, port };
		this.accepting();
	}

	/** Asked at once: Bun forgets it with the answer. */
	private remoteOf(request: Request): Address {
		const ip = this.address.kind === 'unix' ? null : this.server.requestIP(request);
		return ip === null ? this.address : { kind: 'ip', host: peerHost(ip.address), port: ip.port };
	}

	protected stopAccepting(): Promise<void> {
		return this.server.stop();
	}

	protected async cutAll(): Promise<void> {
		await this.server.stop(true);
	}
}

function placeOf(listen: ListenOptions): Pick<BunServeOptions, 'hostname' | 'port' | 'reusePort' | 'unix'> {
	if ('path' in listen) return { unix: listen.path };
	if ('fd' in listen) throw new TypeError('fd: Bun.serve opens its sockets itself');
	const { host, port, reusePort = false } = listen;
	// Unasked, Bun shares the port outside its development mode, and a port that is taken would be no error.
	return { hostname: host, port, reusePort };
}

function tlsOf(tls: TlsOptions): NonNullable<BunServeOptions['tls']> {
	const { clientAuthorities, requireClientCertificate = false } = tls;
	const pair = pemPair('Bun.serve', tls);
	if (clientAuthorities === undefined) return pair;
	return { ...pair, ca: pemText(clientAuthorities), requestCert: true, rejectUnauthorized: requireClientCertificate };
}

function borderOf(
	request: Request,
	server: BunServer,
): { readonly completed: null; patience(milliseconds: number): void } {
	return { completed: null, patience: (milliseconds) => server.timeout(request, seconds(milliseconds)) };
}

/** As Bun takes it: whole, and one at least where there is a limit. */
function seconds(milliseconds: number): number {
	return Math.min(LONGEST, Math.ceil(milliseconds / 1000));
}
