/** Peers that are small Node programs: node:http itself, and proxies from npm installed in this folder. */
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { nodeCommand } from '../node-command.ts';
import type { Command, Place, Target } from '../target.ts';
import { opensslMissing, pairFor } from '../tls.ts';

const path = (name: string): string => fileURLToPath(new URL(name, import.meta.url));

export const nodeHello: Target = {
	name: 'node:http',
	missing: () => null,
	prepare: (place: Place): Command => nodeCommand(place, path('programs/node-hello.ts'), [String(place.port)]),
};

function underTls(name: string, program: string): Target {
	return {
		name,
		missing: opensslMissing,
		prepare: (place: Place): Command => {
			const { cert, key } = pairFor(place.folder);
			return nodeCommand(place, path(program), [String(place.port), cert, key]);
		},
	};
}

export const nodeSecure: Target = underTls('node:https', 'programs/node-hello-tls.ts');
export const nodeStreams: Target = underTls('node:http2', 'programs/node-hello-h2.ts');

function npmProxy(name: string, dependency: string, program: string): Target {
	return {
		name,
		missing: (): string | null =>
			existsSync(path(`node_modules/${dependency}`)) ? null : `${dependency} is not installed: npm ci in bench/peers`,
		prepare: (place: Place): Command => nodeCommand(place, path(program), [String(place.port), place.origin ?? '']),
	};
}

export const httpProxy: Target = npmProxy('http-proxy', 'http-proxy', 'programs/http-proxy.ts');
export const undici: Target = npmProxy('undici by hand', 'undici', 'programs/undici.ts');
export const proxyChain: Target = npmProxy('proxy-chain', 'proxy-chain', 'programs/proxy-chain.ts');
