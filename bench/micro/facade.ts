/** What the convention's objects cost: `node --expose-gc bench/micro/facade.ts`. Native ones beside them for scale. */
import { bench, do_not_optimize, run, summary } from 'mitata';
import { derive, type IncomingInit, IncomingRequest, respond } from '../../src/convention/index.ts';
import { FieldList, STRIDE } from '../../src/fields/index.ts';

const lines = [
	['Host', 'example.com'],
	['User-Agent', 'bench/1.0'],
	['Accept', '*/*'],
	['Accept-Language', 'en'],
	['Accept-Encoding', 'gzip, br'],
	['Cookie', 'sid=0123456789abcdef'],
	['Cache-Control', 'no-cache'],
	['X-Request-Id', '0f3b2c1d'],
] as const;

/** A list as the parser makes it: one string and offsets. */
function scanned(): FieldList {
	let text = '';
	const marks: number[] = [];
	for (const [name, value] of lines) {
		const start = text.length;
		text += `${name}: ${value}\r\n`;
		marks.push(start, start + name.length, start + name.length + 2, text.length - 2, 0);
	}
	if (marks.length !== lines.length * STRIDE) throw new Error('the marks have another stride');
	return FieldList.scanned(text, marks);
}

const init: IncomingInit = {
	method: 'GET',
	target: '/catalogue/item?id=4711&page=2',
	form: 'origin',
	authority: 'example.com',
	scheme: 'http',
	version: '1.1',
	fields: scanned(),
	payload: null,
	trailersReader: null,
	circumstances: null,
};

const url = 'http://example.com/catalogue/item?id=4711&page=2';
const pairs = lines.map(([name, value]): [string, string] => [name, value]);
const bytes = new TextEncoder().encode('Hello, world!');

summary(() => {
	bench('request, bare', () => do_not_optimize(new IncomingRequest(init)));
	bench('request, method + url + headers.get', () => {
		const request = new IncomingRequest(init);
		do_not_optimize(request.method);
		do_not_optimize(request.url);
		do_not_optimize(request.headers.get('cookie'));
	});
	const request = new IncomingRequest(init);
	bench('request, derived', () => do_not_optimize(derive(request, { target: '/item' })));
	bench('native request, same fields', () => do_not_optimize(new Request(url, { headers: pairs })));
});

summary(() => {
	bench('response, bare', () => do_not_optimize(respond(200)));
	bench('response, bytes and a type', () => do_not_optimize(respond(200, { 'content-type': 'text/plain' }, bytes)));
	bench('response, text', () => do_not_optimize(respond(200, null, 'Hello, world!')));
	bench('response, text + headers.set', () => {
		const response = respond(200, null, 'Hello, world!');
		response.headers.set('x-answer', '42');
		do_not_optimize(response);
	});
	bench('native response, text and a type', () => {
		do_not_optimize(new Response('Hello, world!', { headers: { 'content-type': 'text/plain' } }));
	});
});

await run();
