/** What a Python app is told of a request: a field of ours, which the shim takes off again. */
import type { Context } from '../../convention/index.ts';
import { parseAuthority } from '../../fields/index.ts';
import { client } from '../../middleware/client-address/index.ts';
import type { OutgoingRequest, ReverseOptions } from '../../proxy/index.ts';
import { TOLD } from './shim.ts';

const PORTS: Readonly<Record<string, string>> = { http: '80', https: '443' };

/** `rewrite` of the reverse proxy, with the one of the user's options behind it. */
export function telling({ rewrite }: ReverseOptions): NonNullable<ReverseOptions['rewrite']> {
	return (exchange) => {
		const { in: request, out, context } = exchange;
		dropAmbiguous(out);
		const { remote } = context.connection;
		const address = addressOf(context);
		const port = remote.kind === 'ip' && remote.host === address ? remote.port : 0;
		const host = hostOf(request.authority, request.scheme);
		out.fields.append(
			TOLD,
			new URLSearchParams({
				mount: context.mount,
				target: out.target,
				scheme: request.scheme,
				address: address ?? '',
				port: String(port),
				...host,
			}).toString(),
		);
		rewrite?.(exchange);
	};
}

/** The address of the client that `clientAddress` has found, else of the other end of the connection; null for a unix socket. */
function addressOf(context: Context): string | null {
	const proved = context.get(client);
	const { remote } = context.connection;
	if (proved === undefined) return remote.kind === 'ip' ? remote.host : null;
	return proved.address === 'unix' ? null : proved.address;
}

/** To WSGI `X_Y` and `X-Y` are one name, and so anybody could say what only `X-Y` is trusted with. */
function dropAmbiguous(out: OutgoingRequest): void {
	const names = new Set<string>();
	for (const [name] of out.fields) if (name.includes('_') || name.toLowerCase() === TOLD.toLowerCase()) names.add(name);
	for (const name of names) out.fields.delete(name);
}

function hostOf(authority: string, scheme: string): { host: string; hostport: string } {
	const { host = '', port = null } = parseAuthority(authority) ?? {};
	return { host, hostport: port === null ? (PORTS[scheme] ?? '80') : String(port) };
}
