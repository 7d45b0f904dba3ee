/** As much of Deno as the engine uses. */

export type DenoAddress =
	| { readonly transport: 'tcp'; readonly hostname: string; readonly port: number }
	| { readonly transport: 'unix'; readonly path: string };

export interface DenoInfo {
	readonly remoteAddr: DenoAddress;
	/** Settles when Deno is done with the exchange, however it ended. */
	readonly completed: Promise<void>;
}

export interface DenoServer {
	readonly addr: DenoAddress;
	/** Settles when no connection is left. */
	readonly finished: Promise<void>;
	/** Stops accepting, ends idle connections, and resolves when the answers under way are out. */
	shutdown(): Promise<void>;
}

export interface DenoServeOptions {
	readonly hostname?: string;
	readonly port?: number;
	readonly reusePort?: boolean;
	readonly path?: string;
	readonly cert?: string;
	readonly key?: string;
	/** Cuts everything off. */
	readonly signal: AbortSignal;
	/** Without it Deno prints where it listens. */
	onListen(): void;
	onError(error: unknown): Response;
}

export interface DenoRuntime {
	readonly version: { readonly deno: string };
	serve(
		options: DenoServeOptions,
		handler: (request: Request, info: DenoInfo) => Response | Promise<Response>,
	): DenoServer;
}

/** Deno, where this runs on it. */
export function denoRuntime(): DenoRuntime | null {
	return (globalThis as { readonly Deno?: DenoRuntime }).Deno ?? null;
}
