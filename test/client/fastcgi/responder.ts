/** A scriptable application behind FastCGI: it reads whole requests and answers what its script says, byte for byte. */
import type { TestContext } from 'node:test';
import { type FastCgi, type FastCgiOptions, fastcgi } from '../../../src/client/fastcgi/index.ts';
import { parsePairs } from '../../../src/protocol/fastcgi/index.ts';
import { end, stdout } from '../../protocol/fastcgi/recorder.ts';
import type { RawPeer } from '../../support/raw-peer.ts';
import { type RawServer, rawServer } from '../../support/raw-server.ts';

type Variable =
	| 'SCRIPT_NAME'
	| 'SCRIPT_FILENAME'
	| 'REQUEST_URI'
	| 'REQUEST_METHOD'
	| 'QUERY_STRING'
	| 'CONTENT_LENGTH'
	| 'SERVER_NAME'
	| 'SERVER_PORT'
	| 'REMOTE_ADDR'
	| 'HTTPS'
	| 'HTTP_COOKIE'
	| 'HTTP_X_A'
	| 'HTTP_X_ROLE'
	| 'GREETING'
	| 'ASKED';

export interface Asked {
	readonly params: Readonly<Partial<Record<Variable, string>>>;
	readonly body: string;
	readonly keep: boolean;
}

/** Answers with bytes, or by itself through `peer` (nothing returned). */
export type Script = (asked: Asked, peer: RawPeer, index: number) => string | void | Promise<string | void>;

export interface Responder {
	readonly server: RawServer;
	readonly asked: Asked[];
	readonly address: string;
}

/** The records in `text`: null while the last one is not complete. */
export function records(text: string): { type: number; content: string }[] {
	const found = [];
	for (let at = 0; at + 8 <= text.length; ) {
		const length = text.charCodeAt(at + 4) * 256 + text.charCodeAt(at + 5);
		const next = at + 8 + length + text.charCodeAt(at + 6);
		if (next > text.length) break;
		found.push({ type: text.charCodeAt(at + 1), content: text.slice(at + 8, at + 8 + length) });
		at = next;
	}
	return found;
}

const contentOf = (all: ReturnType<typeof records>, type: number): string =>
	all.map((record) => (record.type === type ? record.content : '')).join('');

/** Listens on a free port; each connection serves one request after the other. */
export async function responder(t: TestContext, script: Script): Promise<Responder> {
	const asked: Asked[] = [];
	const server = await rawServer(t, async (peer, index) => {
		for (let from = 0; ; ) {
			const whole = () => records(peer.received.slice(from)).some(({ type, content }) => type === 5 && content === '');
			await peer.when(() => whole() || peer.over, 'a request', 60_000);
			if (!whole()) return peer.destroy();
			const all = records(peer.received.slice(from));
			from = peer.received.length;
			const request = {
				params: Object.fromEntries(parsePairs(contentOf(all, 4)) ?? []),
				body: contentOf(all, 5),
				keep: all[0]?.content.charCodeAt(2) === 1,
			};
			asked.push(request);
			const bytes = await script(request, peer, index);
			if (typeof bytes === 'string') peer.send(bytes);
		}
	});
	return { server, asked, address: `127.0.0.1:${server.port}` };
}

/** An app that is closed when the test is over, with scripts in this folder, `index.php` among them. */
export function app(
	t: TestContext,
	{ address }: { readonly address: string },
	options: Partial<FastCgiOptions> = {},
): FastCgi {
	const one = fastcgi(address, { root: `${import.meta.dirname}/scripts`, log: () => {}, ...options });
	t.after(() => one.close());
	return one;
}

/** A whole answer: 200 with this body. */
export const page = (body: string, fields = ''): string =>
	stdout(`Content-Type: text/plain\r\n${fields}\r\n${body}`) + end();
