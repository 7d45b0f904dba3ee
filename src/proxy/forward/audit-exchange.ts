/** Follows one exchange for the audit, from the decision to its end. */

import type { Reached } from '../../client/index.ts';
import {
	type Address,
	type Context,
	type DialWatcher,
	dialWatcher,
	type FinishedListener,
	identity,
	type Key,
	key,
	type Outcome,
	type RawRequest,
	type UpstreamError,
} from '../../convention/index.ts';
import { peerAddress } from '../forwarded.ts';
import type { AuditRecord } from './audit.ts';
import { clientAddress, type Decision } from './decide.ts';
import type { Destination } from './destination.ts';

const followed: Key<AuditedExchange> = key('audited exchange');

/** Tells `audit` when the exchange is over. Nothing is done for exchanges that nobody audits. */
export function follow(
	audit: (record: AuditRecord) => void,
	decision: Decision,
	request: RawRequest,
	context: Context,
	to: Destination,
): void {
	const exchange = new AuditedExchange(audit, decision, request, context, to);
	context.set(followed, exchange);
	context.set(dialWatcher, exchange);
	context.onFinished(exchange);
}

/** The address that a tunnel was connected to; for requests, their connection says so itself. */
export function noteDialled(context: Context, reached: Reached): void {
	const exchange = context.get(followed);
	if (exchange !== undefined) exchange.dialled(reached.remote);
}

/** Why there was no answer of the destination's. */
export function noteFailure(context: Context, error: UpstreamError): void {
	const exchange = context.get(followed);
	if (exchange !== undefined) exchange.error = error.type;
}

class AuditedExchange implements FinishedListener, DialWatcher {
	address: string | null = null;
	error: string | null = null;
	private readonly audit: (record: AuditRecord) => void;
	private readonly decision: Decision;
	private readonly request: RawRequest;
	private readonly context: Context;
	private readonly to: Destination;
	private readonly began: number = Date.now();
	/** Asked for at once: of a socket that is closed nobody knows any more where it led. */
	private readonly client: string | null;

	constructor(
		audit: (record: AuditRecord) => void,
		decision: Decision,
		request: RawRequest,
		context: Context,
		to: Destination,
	) {
		this.audit = audit;
		this.decision = decision;
		this.request = request;
		this.context = context;
		this.to = to;
		this.client = clientAddress(context);
	}

	dialled(remote: Address): void {
		this.address = peerAddress(remote);
	}

	exchangeFinished(outcome: Outcome): void {
		// Told behind the exchange, where nobody waits for what it throws.
		try {
			const told: unknown = this.audit(this.record(outcome));
			if (told instanceof Promise) told.catch(() => {});
		} catch {
			// It is its own affair.
		}
	}

	private record(outcome: Outcome): AuditRecord {
		const { decision, request, context, to, began, client, address } = this;
		const error = this.error ?? (outcome.ok ? null : errorOf(outcome.cause));
		return {
			time: new Date(began).toISOString(),
			client,
			identity: identityOf(context),
			protocol: context.connection.protocol,
			method: request.method,
			target: targetOf(to),
			address,
			rule: decision.rule,
			outcome: outcomeOf(decision, error),
			status: outcome.status,
			error,
			received: outcome.received,
			sent: outcome.bytes,
			milliseconds: Date.now() - began,
			intercepted: to.intercepted,
		};
	}
}

function outcomeOf({ allowed }: Decision, error: string | null): AuditRecord['outcome'] {
	if (!allowed || error === 'destination_ip_prohibited') return 'denied';
	return error === null ? 'allowed' : 'failed';
}

/** A client that leaves, or resets its connection, is no failure of the destination's; nor is what broke off inside of a tunnel. */
function errorOf(cause: unknown): string | null {
	const { type, name, code } = (cause ?? {}) as { type?: unknown; name?: unknown; code?: unknown };
	if (typeof type === 'string') return type;
	if (name === 'CutShortError') return null;
	return name === 'Disconnected' || code === 'ECONNRESET' || code === 'EPIPE' ? null : 'proxy_internal_error';
}

function identityOf(context: Context): string | null {
	return context.get(identity)?.name ?? null;
}

function targetOf({ scheme, authority, path }: Destination): string {
	if (path === null) return authority;
	return `${scheme}://${authority}${path.split('?', 1)[0] as string}`;
}
