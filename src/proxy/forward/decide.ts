/** The decision on one request: its port first, then the policy. What fails to decide does not let through. */
import { type Context, client, type Identity, identity, type RawRequest } from '../../convention/index.ts';
import { peerAddress } from '../forwarded.ts';
import type { Destination } from './destination.ts';
import { inTime, POLICY_TIMEOUT } from './late-verdict.ts';
import type { ForwardOptions } from './options.ts';
import type { PolicyQuestion, Verdict } from './policy.ts';

export type Decision = Verdict;

/** The web's own. */
export const WEB_PORTS: readonly number[] = [80, 443];

const OPEN: Decision = { allowed: true, rule: 'no policy' };
const UNMENTIONED: Decision = { allowed: false, rule: 'no rule allows it' };

export function decide(
	options: Pick<ForwardOptions, 'policy' | 'policyTimeout' | 'ports'>,
	request: RawRequest,
	context: Context,
	to: Destination,
): Decision | Promise<Decision> {
	const { policy, policyTimeout = POLICY_TIMEOUT, ports = WEB_PORTS } = options;
	if (ports !== null && !ports.includes(to.port)) return { allowed: false, rule: `port ${to.port}` };
	if (policy === undefined) return OPEN;
	const verdict = policy(questionOf(request, context, to));
	if (verdict instanceof Promise) return inTime(verdict, context, policyTimeout).then((late) => late ?? UNMENTIONED);
	return verdict ?? UNMENTIONED;
}

export function questionOf(request: RawRequest, context: Context, to: Destination): PolicyQuestion {
	return new Question(request, context, to);
}

class Question implements PolicyQuestion {
	readonly method: string;
	readonly destination: Destination;
	readonly identity: Identity | null;
	readonly request: RawRequest;
	readonly context: Context;

	constructor(request: RawRequest, context: Context, to: Destination) {
		this.method = request.method;
		this.destination = to;
		this.identity = context.get(identity) ?? null;
		this.request = request;
		this.context = context;
	}

	get client(): string | null {
		return clientAddress(this.context);
	}
}

/** The IP address, as far as anybody knows: not that of a proxy which has not named whom it asks for. */
export function clientAddress(context: Context): string | null {
	const behind = context.get(client);
	if (behind === undefined) return peerAddress(context.connection.remote);
	const { address, unnamed = false } = behind;
	return unnamed || address === 'unix' || address === '' ? null : address;
}
