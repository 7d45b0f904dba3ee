/** What happens in one exchange of the fuzz test: drawn by lot, and put on the wire by code that is not the project's. */
import type { Pair } from '../support/message.ts';
import type { Seeded } from './seeded.ts';

export type BodyFraming = 'none' | 'length' | 'chunked' | 'close';

export interface Body {
	readonly framing: BodyFraming;
	readonly content: string;
	/** Sizes of chunks; the last one takes what is left. */
	readonly chunks: readonly number[];
	readonly trailers: readonly Pair[];
}

/** How an end leaves in the middle: behind so many bytes, by FIN with what follows, or by RST. */
export interface Leaving {
	readonly after: number;
	readonly by: 'destroy' | 'reset';
}

export interface Plan {
	readonly id: number;
	readonly method: string;
	readonly version: '1.0' | '1.1';
	readonly request: Body;
	readonly expects: boolean;
	readonly status: number;
	readonly interim: number;
	readonly response: Body;
	/** The origin answers before it has read the request's body. */
	readonly early: boolean;
	/** The origin says that it will close. */
	readonly closes: boolean;
	/** Behind so many bytes of its response. */
	readonly originLeaves: Leaving | null;
	/** Behind so many bytes of its request. */
	readonly clientLeaves: Leaving | null;
	/** Behind so many bytes of the response. */
	readonly readerLeaves: Leaving | null;
	/** FIN comes with the end of the request. */
	readonly halfCloses: boolean;
	readonly slowClient: boolean;
	readonly slowOrigin: boolean;
	readonly requestCuts: readonly number[];
	readonly responseCuts: readonly number[];
}

const EDGES = [16_384, 65_536, 262_144];
const NO_BODY: Body = { framing: 'none', content: '', chunks: [], trailers: [] };

function size(random: Seeded): number {
	if (random.chance(0.15)) return 0;
	if (random.chance(0.6)) return random.below(3_000);
	return random.one(EDGES) + random.below(5) - 2;
}

function body(random: Seeded, framings: readonly BodyFraming[]): Body {
	const framing = random.one(framings);
	if (framing === 'none') return NO_BODY;
	const content = random.bytes(size(random));
	const chunks = Array.from({ length: random.below(6) }, () => 1 + random.below(random.one([10, 5_000, 70_000])));
	const trailers: Pair[] = framing === 'chunked' && random.chance(0.4) ? [['X-Sum', String(content.length)]] : [];
	return { framing, content, chunks, trailers };
}

function leaving(random: Seeded, part: number, length: number): Leaving | null {
	return random.chance(part) ? { after: random.below(length), by: random.one(['destroy', 'reset']) } : null;
}

/** A FIN would be the proper end of a body that ends by it. */
function visible(leaving: Leaving | null, { framing }: Body): Leaving | null {
	return leaving !== null && framing === 'close' ? { ...leaving, by: 'reset' } : leaving;
}

/** `last`: nothing follows on this connection, so that it may end in any way. */
export function plan(random: Seeded, id: number, last: boolean): Plan {
	const method = random.one(['GET', 'GET', 'HEAD', 'POST', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'QUERY']);
	const version = last && random.chance(0.15) ? '1.0' : '1.1';
	const bodies: readonly BodyFraming[] = version === '1.0' ? ['none', 'length'] : ['none', 'length', 'chunked'];
	const request = body(random, method === 'GET' && random.chance(0.8) ? ['none'] : bodies);
	const status = random.one([200, 200, 200, 200, 201, 204, 304, 404, 500]);
	const response = body(random, status === 204 ? ['none'] : ['length', 'chunked', 'close']);
	const early = last && request.framing !== 'none' && random.chance(0.2);
	const expects = last && version === '1.1' && request.content.length > 0 && random.chance(0.2);
	const interim = random.chance(0.15) ? 1 + random.below(3) : 0;
	const closes = response.framing === 'close' || early || random.chance(0.1);
	const drawn = { id, method, version, request, expects, status, interim, response, early, closes } as const;
	const leaves = { originLeaves: null, clientLeaves: null, readerLeaves: null, halfCloses: false };
	const paces = { slowClient: random.chance(0.1), slowOrigin: random.chance(0.1), requestCuts: [], responseCuts: [] };
	const calm: Plan = { ...drawn, ...leaves, ...paces };
	const sent = requestBytes(calm).length;
	const answered = responseBytes(calm).length;
	const clientLeaves = last && !expects ? leaving(random, 0.1, sent) : null;
	return {
		...calm,
		halfCloses: last && !expects && !early && clientLeaves === null && random.chance(0.3),
		originLeaves: last ? visible(leaving(random, 0.15, answered), response) : null,
		clientLeaves,
		readerLeaves: last ? leaving(random, 0.1, answered) : null,
		requestCuts: random.cuts(sent, 4),
		responseCuts: random.cuts(answered, 4),
	};
}

function chunked({ content, chunks, trailers }: Body): string {
	let text = '';
	let at = 0;
	for (const chunk of [...chunks, content.length]) {
		const piece = content.slice(at, at + chunk);
		if (piece.length > 0) text += `${piece.length.toString(16)}\r\n${piece}\r\n`;
		at += chunk;
	}
	return `${text}0\r\n${trailers.map(([name, value]) => `${name}: ${value}\r\n`).join('')}\r\n`;
}

function framed(body: Body): { line: string; bytes: string } {
	if (body.framing === 'length') return { line: `Content-Length: ${body.content.length}\r\n`, bytes: body.content };
	if (body.framing === 'chunked') return { line: 'Transfer-Encoding: chunked\r\n', bytes: chunked(body) };
	return { line: '', bytes: body.content };
}

/** The head alone, as far as the client waits behind it. */
export function requestHead(plan: Plan): string {
	const expect = plan.expects ? 'Expect: 100-continue\r\n' : '';
	return `${plan.method} /${plan.id} HTTP/${plan.version}\r\nHost: fuzz.example\r\n${expect}${framed(plan.request).line}\r\n`;
}

export function requestBytes(plan: Plan): string {
	return requestHead(plan) + framed(plan.request).bytes;
}

/** Whether a response to this request may have a body. */
export function isBodiless({ method, status }: Plan): boolean {
	return method === 'HEAD' || status === 204 || status === 304;
}

export function responseBytes(plan: Plan): string {
	const { line, bytes } = framed(plan.response);
	const hints = 'HTTP/1.1 103 Early Hints\r\nLink: </a.css>\r\n\r\n'.repeat(plan.interim);
	const close = plan.closes ? 'Connection: close\r\n' : '';
	const head = `HTTP/1.1 ${plan.status} So\r\nX-Id: ${plan.id}\r\n${close}${line}\r\n`;
	return hints + head + (isBodiless(plan) ? '' : bytes);
}
