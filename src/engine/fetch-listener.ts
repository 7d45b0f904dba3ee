/**
 * One listening address of an engine whose runtime speaks HTTP: makes an exchange of each native Request.
 * Connections are the runtime's and stay unseen: each exchange has a connection of its own.
 */
import {
	type Address,
	type App,
	type Connection,
	ExchangeState,
	HttpError,
	type IncomingRequest,
	introduce,
	nativeLine,
	ProtocolError,
} from '../convention/index.ts';
import { FieldList, tags, wholeNumber } from '../fields/index.ts';
import { noteListener } from '../transport/node/index.ts';
import { answerError, runApp } from './answer.ts';
import type { ListenerStatistics } from './engine.ts';
import { EngineListener } from './engine-listener.ts';
import { type FetchBorder, FetchExchange } from './fetch-exchange.ts';
import { tooLarge } from './fetch-request-body.ts';
import type { FetchSettings } from './fetch-settings.ts';
import type { RequestFacts, ServedHost } from './served-exchange.ts';

const NO_OFFERS: readonly string[] = [];

/** What TLS has settled, of which these runtimes tell nothing. */
const SECURE = { sni: null, alpn: null, peer: (): null => null };

let lastId = 0;

export abstract class FetchListener extends EngineListener implements ServedHost {
	readonly settings: FetchSettings;
	/** Whether the runtime itself bounds what an app reads of a native body. */
	protected abstract readonly boundsBodies: boolean;
	private readonly open: Set<FetchExchange> = new Set();
	private emptied: (() => void)[] = [];
	/** Takes our address out of those that this process listens on. */
	private forget: () => void = () => {};
	/** Gives the app the runtime's own Request, behind which `raw` finds ours. */
	private readonly nativeApp: App;

	constructor(app: App, settings: FetchSettings, secure: boolean) {
		super(app, secure);
		this.settings = settings;
		this.nativeApp = (view, context) => {
			const { native } = context as FetchExchange;
			introduce(native, view as IncomingRequest);
			return this.app(native, context, context);
		};
	}

	/** To be called as soon as the runtime accepts connections, once the address is known. */
	protected accepting(): void {
		this.forget = noteListener(this.address);
	}

	// What a runtime adds.

	/** Stops accepting; resolves when the last bytes of all answers are out, or all is cut off. */
	protected abstract stopAccepting(): Promise<void>;
	/** Cuts every connection. */
	protected abstract cutAll(): Promise<void>;

	/** Of connections the runtime tells nothing: those with an exchange under way are counted, one for each. */
	statistics(): ListenerStatistics {
		const { requests, violations, timeoutsPassed: timeouts } = this;
		const active = this.open.size;
		return { connections: active, accepted: requests, refused: 0, requests, active, violations, timeouts };
	}

	/** Answers one request. Never rejects. */
	protected serve(native: Request, remote: Address, border: FetchBorder): Response | Promise<Response> {
		let exchange: FetchExchange;
		try {
			exchange = new FetchExchange(this, this.connectionOf(remote), factsOf(native), native, border);
		} catch (error) {
			this.violation(lastId, String(error));
			return new Response('400 Bad Request\n', { status: 400, headers: { connection: 'close' } });
		}
		this.requests++;
		this.open.add(exchange);
		exchange.onFinished({ exchangeFinished: () => this.closed(exchange) });
		const fault = this.faultOf(exchange);
		if (fault !== null) {
			if (fault instanceof ProtocolError) this.violation(exchange.connection.id, fault.message);
			answerError(exchange, fault);
		} else {
			this.run(exchange);
		}
		return exchange.answer;
	}

	private run(exchange: FetchExchange): void {
		const { bodyBytes } = this.settings.limits;
		exchange.readBody(bodyBytes);
		// A native body of unknown length would be read past our limit: then the app has our request, which keeps it.
		const unbounded = !this.boundsBodies && Number.isFinite(bodyBytes) && exchange.body?.length === null;
		runApp(unbounded ? this.app : this.nativeApp, exchange);
	}

	private connectionOf(remote: Address): Connection {
		const tls = this.secure ? SECURE : null;
		return { id: ++lastId, remote, local: this.address, tls, protocol: '1.1', state: new ExchangeState() };
	}

	private faultOf({ method, target, fields }: FetchExchange): Error | null {
		const { limits } = this.settings;
		if (method === 'CONNECT') return new HttpError(501, { message: 'There are no tunnels here.' });
		if (target.length > limits.target) {
			return new ProtocolError({
				side: 'remote',
				code: 'TARGET_TOO_LONG',
				status: 414,
				message: 'The target is too long.',
			});
		}
		const declared = fields.getTagged(tags['content-length']);
		return declared !== null && wholeNumber(declared) > limits.bodyBytes ? tooLarge() : null;
	}

	private closed(exchange: FetchExchange): void {
		this.open.delete(exchange);
		if (this.open.size > 0) return;
		const { emptied } = this;
		this.emptied = [];
		for (const resolve of emptied) resolve();
	}

	exchangeEnded(): void {}

	// How it ends.

	protected async allLeave(): Promise<void> {
		this.forget();
		await this.stopAccepting();
		if (this.open.size > 0) await new Promise<void>((resolve) => this.emptied.push(resolve));
	}

	async close(): Promise<void> {
		this.draining = true;
		this.forget();
		for (const exchange of [...this.open]) exchange.lose();
		await this.cutAll();
	}
}

/** Throws TypeError for fields that no message may hold. */
function factsOf(native: Request): RequestFacts {
	const { target, authority, scheme } = nativeLine(native);
	return {
		method: native.method,
		target,
		form: 'origin',
		authority,
		scheme,
		version: '1.1',
		fields: FieldList.of(native.headers),
		offers: NO_OFFERS,
	};
}
