/**
 * What one message costs the HTTP/1.1 codec, without sockets: `node bench/micro/h1-parse.ts`.
 * Nanoseconds per request, from the bytes of its head to the bytes of its answer's head.
 */
import { bench, do_not_optimize, run } from 'mitata';
import { FieldList } from '../../src/fields/index.ts';
import { H1Connection, type H1Events, h1Limits, type RequestHead } from '../../src/protocol/h1/index.ts';

const usual: readonly (readonly [string, string])[] = [
	['Host', 'www.example.com'],
	['User-Agent', 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0'],
	['Accept', 'text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8'],
	['Accept-Language', 'en-GB,en;q=0.5'],
	['Accept-Encoding', 'gzip, deflate, br, zstd'],
	['Connection', 'keep-alive'],
	['Cookie', 'session=0123456789abcdef0123456789abcdef; theme=dark'],
	['Referer', 'https://www.example.com/start?from=here'],
];

function requestOf(count: number): Buffer {
	const fields = usual.slice(0, count);
	for (let i = fields.length; i < count; i++) fields.push([`X-Custom-Field-${i}`, `value number ${i}`]);
	const lines = fields.map(([name, value]) => `${name}: ${value}\r\n`);
	return Buffer.from(`GET /articles/2024/05?page=2 HTTP/1.1\r\n${lines.join('')}\r\n`);
}

class Reader implements H1Events<RequestHead> {
	readonly codec: H1Connection<RequestHead> = new H1Connection<RequestHead>('server', this, h1Limits);
	last: RequestHead | null = null;
	head(head: RequestHead): void {
		this.last = head;
	}
	body(): void {}
	complete(): void {}
	violation(): void {
		throw new Error('The request of the benchmark is sound.');
	}
}

const answer = FieldList.of({ 'Content-Type': 'text/plain' });
const DATE = 'Date: Tue, 15 Nov 1994 08:12:31 GMT\r\n';

for (const count of [1, 8, 20]) {
	const bytes = requestOf(count);
	const reader = new Reader();
	const { codec } = reader;
	bench(`head of ${count} fields, ${bytes.length} bytes, and its answer`, () => {
		codec.receive(bytes, 0, bytes.length);
		do_not_optimize(codec.responseHead(200, 'OK', answer, 13, DATE));
		codec.bodyHead(13);
		codec.end(null);
		codec.next();
	});
}

await run();
