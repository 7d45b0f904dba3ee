/**
 * Plain http origins asked for at a parent, in absolute form (RFC 9112 section 3.2.2): one pool of connections to the parent
 * serves all of them. The parent's credentials are added here, and its 407 ends here: it is ours and no client's.
 */
import { type Context, cancelPayload, type OutgoingResponse, UpstreamError } from '../convention/index.ts';
import { FieldList } from '../fields/index.ts';
import { type Asked, ClientExchange, type Receiver, type SpokenVersion } from './client-exchange.ts';
import { refusedLiteral } from './literal.ts';
import type { UpstreamSettings } from './options.ts';
import { basicAuthorization, noteUnreached, type Parent, refusal } from './parent/index.ts';
import { Pool } from './pool.ts';

/** Whether `http` origins can be asked for in absolute form at this parent. */
export function takesAbsoluteForm(parent: Parent): boolean {
	return parent.protocol !== 'socks5' && !parent.tunnel && parent.names === 'parent';
}

/** `http://authority`, then a path or a query or nothing. User information has no place in it (RFC 9110 section 4.2.4). */
const ABSOLUTE = /^http:\/\/([^/?#@]+)(?:[/?]|$)/i;

export class AbsoluteForm {
	readonly pool: Pool;
	private readonly parent: Parent;
	private readonly settings: UpstreamSettings;
	private readonly authorization: string | null;

	constructor(parent: Parent, settings: UpstreamSettings) {
		this.parent = parent;
		this.settings = settings;
		this.authorization = basicAuthorization(parent);
		const guard = parent.guarded ? settings.guard : null;
		this.pool = new Pool(parent.origin, { ...settings, tls: parent.tls, guard, parent: null });
	}

	/** `target` is in absolute form. */
	send(request: Asked, target: string, context: Context, receiver: Receiver): void {
		const authority = ABSOLUTE.exec(target)?.[1];
		const error =
			authority === undefined
				? new UpstreamError('http_request_error')
				: refusedLiteral(this.settings.guard, ...apart(authority));
		if (authority === undefined || error !== null) {
			request.payload?.cancel(error);
			return receiver.failed(error);
		}
		const { method, payload } = request;
		// A copy: whoever asked must not find the credentials in its own.
		const fields = FieldList.from(request.fields).copy();
		// RFC 9112 section 3.2.2: whoever reads the target ignores Host, so it says the same.
		fields.delete('host');
		if (this.authorization === null) fields.delete('proxy-authorization');
		else fields.set('Proxy-Authorization', this.authorization);
		const asked: Asked = { method, target, authority, fields, payload };
		new ClientExchange(this.pool, asked, fields, context, new FromParent(this.parent, receiver)).begin();
	}
}

/** The host, and the port, 80 where none is said. */
function apart(authority: string): [host: string, port: number] {
	const [end = '', port = ''] = /:(\d*)$/.exec(authority) ?? [];
	return [authority.slice(0, authority.length - end.length), port === '' ? 80 : Number(port)];
}

const BEFORE: ReadonlySet<string> = new Set(['resolve', 'connect', 'tls']);

class FromParent implements Receiver {
	private readonly parent: Parent;
	private readonly receiver: Receiver;

	constructor(parent: Parent, receiver: Receiver) {
		this.parent = parent;
		this.receiver = receiver;
	}

	received(response: OutgoingResponse, version: SpokenVersion): void {
		if (response.status !== 407) return this.receiver.received(response, version);
		cancelPayload(response.payload);
		this.receiver.failed(refusal(this.parent, 407));
	}

	/** Until its connection stands, nobody but the parent can have failed. */
	failed(error: unknown): void {
		if (error instanceof UpstreamError && error.retryable && BEFORE.has(error.phase)) noteUnreached(error);
		this.receiver.failed(error);
	}
}
