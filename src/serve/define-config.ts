/**
 * What a server is made of, as data: the argument of `serve` and the default export of a configuration file.
 * Types alone; check-config.ts says in words what is wrong with a value that does not fit them.
 */
import type { TlsOptions } from '../certificates/index.ts';
import type { App } from '../convention/index.ts';
import type { ConnectionLimits, Engine, EngineTimeouts } from '../engine/index.ts';
import type { AccessLogOptions } from '../middleware/access-log/index.ts';
import type { H1Limits } from '../protocol/h1/index.ts';
import type { AdminSetting } from './admin/index.ts';
import type { EngineName } from './engine-by-name.ts';
import type { Resource } from './resources.ts';

/** An app, or an object whose `fetch` is one: a Hono, h3 or Elysia application, a Worker's default export. */
export type Servable = App | { readonly fetch: App };

/** An address (`127.0.0.1:8080`, `8080`, `:8080`, `[::1]:8080`, `unix:/path`), a port, or an object with one. */
export type ListenSetting = string | number | ListenObject;

export interface ListenObject {
	/** An address as above. */
	readonly address: string | number;
	/** Certificate and key: speak TLS here. */
	readonly tls?: TlsOptions;
	/**
	 * Balancers (`10.0.0.0/8`, `private`, `unix`) whose connections begin with a PROXY header, version 1 or 2, which says who the client is. Default: nobody.
	 */
	readonly proxyHeaderFrom?: readonly string[];
	/**
	 * `host:port`: every connection is a tunnel to there, whatever is spoken in it; the app is not asked. With `tls` we end TLS, and the tunnel has what is within.
	 */
	readonly tunnel?: string;
	/**
	 * TLS that we do not end, by the names that clients ask for: `{ 'legacy.example': '10.0.0.9:443', '*.old.example': '10.0.0.8:443' }`; `*` is
	 * every other name. Only with `tls`.
	 */
	readonly passThrough?: Readonly<Record<string, string>>;
}

export interface ServeOptions {
	/** Answers every request. */
	readonly app: Servable;
	/** Where to listen; one or several. Default: `127.0.0.1:8080`. */
	readonly listen?: ListenSetting | readonly ListenSetting[];
	/** One line per request to standard output (`-`), to a file (its path), or `off`; or the options of `accessLog`. Default: `off`. */
	readonly accessLog?: string | AccessLogOptions;
	/** Milliseconds that requests under way may take after a stop; the rest is cut off. Default: 10,000. */
	readonly drain?: number;
	/** What a message and its connections may cost; see docs/limits.md. */
	readonly limits?: Partial<H1Limits & ConnectionLimits>;
	/** Milliseconds; see docs/limits.md. */
	readonly timeouts?: Partial<EngineTimeouts>;
	/** Started before the listeners, in order, and stopped after them, in reverse. An app with `start`, `stop` or `close` is one, too. */
	readonly resources?: readonly Resource[];
	/**
	 * Speaks HTTP: an engine, or the name of one (`h1`, `node-http`, `http2`), which takes `limits` and `timeouts` from here.
	 * Default: `h1`.
	 */
	readonly engine?: Engine | EngineName;
	/**
	 * Speaks SOCKS4, SOCKS4a and SOCKS5 on the same ports, told apart by the first byte: for `forward`, which is asked as by CONNECT.
	 * Only with the engine `h1`. Default: false.
	 */
	readonly socks?: boolean;
	/**
	 * Where the server tells how it is doing (`/live`, `/ready`, `/status`, `/metrics`): an address of this machine, or `{ listen, token }`. For `run` and the
	 * commands. Default: nowhere.
	 */
	readonly admin?: AdminSetting;
	/** Takes a line about what went wrong. Default: to standard error, behind `turnabout: `. */
	readonly log?: (line: string) => void;
}

export interface Config extends Omit<ServeOptions, 'log'> {
	/** Processes that share the listeners' ports; 1 serves in the process that was started. Default: 1. */
	readonly workers?: number;
}

/** Milliseconds between the signal to stop and the end of what is still under way. */
export const DEFAULT_DRAIN = 10_000;

/**
 * The identity, for its types: `export default defineConfig({ listen: '127.0.0.1:8080', app })` in
 * `turnabout.config.ts` is checked and completed by the editor, and served by `turnabout run`.
 */
export function defineConfig(config: Config): Config {
	return config;
}
