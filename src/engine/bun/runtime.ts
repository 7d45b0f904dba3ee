/** As much of Bun as the engine uses. */

export interface BunServer {
	readonly port: number | undefined;
	readonly hostname: string | undefined;
	requestIP(request: Request): { readonly address: string; readonly port: number } | null;
	/** Seconds that the connection of a request may be idle; 0 for no limit. */
	timeout(request: Request, seconds: number): void;
	/** Resolves when no connection is left; `true` cuts them all. */
	stop(cut?: boolean): Promise<void>;
}

export interface BunServeOptions {
	readonly hostname?: string;
	readonly port?: number;
	readonly reusePort?: boolean;
	readonly unix?: string;
	readonly tls?: {
		readonly cert: string;
		readonly key: string;
		readonly ca?: string;
		readonly requestCert?: boolean;
		readonly rejectUnauthorized?: boolean;
	};
	/** Seconds, 255 at most; 0 for no limit. */
	readonly idleTimeout: number;
	readonly maxRequestBodySize: number;
	/** Without it Bun makes pages of errors. */
	readonly development: false;
	fetch(request: Request, server: BunServer): Response | Promise<Response>;
	error(error: unknown): Response;
}

export interface BunRuntime {
	readonly version: string;
	serve(options: BunServeOptions): BunServer;
}

/** Bun, where this runs on it. */
export function bunRuntime(): BunRuntime | null {
	return (globalThis as { readonly Bun?: BunRuntime }).Bun ?? null;
}
