/**
 * A corpus of request streams made from a seed: mostly sound requests in which one or two things are wrong, as sloppy
 * or hostile clients would write them. The same seed makes the same corpus.
 */

/** Numbers from 0 up to but not 1 (mulberry32). */
function randomFrom(seed: number): () => number {
	let state = seed;
	return () => {
		state = (state + 0x6d2b79f5) | 0;
		let t = Math.imul(state ^ (state >>> 15), 1 | state);
		t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
		return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
	};
}

const methods = [
	'GET',
	'GET',
	'GET',
	'POST',
	'POST',
	'PUT',
	'DELETE',
	'OPTIONS',
	'PATCH',
	'get',
	'FOO',
	'PURGE',
	'GE T',
	'',
];
const targets = [
	'/',
	'/',
	'/a?b=c',
	'/a//b/../c',
	'/%41%zz',
	'http://h/x',
	'/"<>\\^`{|}',
	'*',
	'x',
	'/a#b',
	'/\xe9',
	'',
];
const versions = [
	'HTTP/1.1',
	'HTTP/1.1',
	'HTTP/1.1',
	'HTTP/1.0',
	'HTTP/1.2',
	'HTTP/2.0',
	'HTTP/0.9',
	'http/1.1',
	'HTTP/1.',
	'',
];
const hosts = ['h', 'h', 'h:80', '[::1]', 'a b', '', 'a,b', 'u@h'];
const lengths = ['3', '3', '03', '3, 3', '3,4', '+3', '-3', '3 ', '0x3', '', '3a', '99999999999999999999'];
const codings = [
	'chunked',
	'chunked',
	'Chunked',
	'gzip, chunked',
	'chunked, chunked',
	'identity',
	'xchunked',
	'chunked;a',
	'',
];
const others = [
	'X: y',
	'X:',
	'X:y',
	'X:  y \t ',
	'X: \xe9',
	'X: "a, b"',
	'Connection: keep-alive',
	'Connection: close',
	'Cookie: a=b',
	'X : y',
	' X: y',
	'X\t: y',
	': y',
	'X',
	'X: a\r\n b',
	'X: a\x00b',
	'X: a\x01b',
	'X: a\x7fb',
	'X(: y',
	'X: a\rb',
	'X: a\nY: b',
	'Expect: 100-continue',
	'Expect: other',
	'Transfer_Encoding: chunked',
];
const chunks = [
	'3\r\nabc\r\n0\r\n\r\n',
	'3\r\nabc\r\n0\r\n\r\n',
	'2;a=b\r\nab\r\n1;c="d"\r\nc\r\n0\r\n\r\n',
	'3\r\nabc\r\n0\r\nX: y\r\nZ: a\r\n\r\n',
	'003\r\nabc\r\n00\r\n\r\n',
	'A\r\n0123456789\r\n0\r\n\r\n',
	'3 \r\nabc\r\n0\r\n\r\n',
	' 3\r\nabc\r\n0\r\n\r\n',
	'0x3\r\nabc\r\n0\r\n\r\n',
	'3\nabc\r\n0\r\n\r\n',
	'3\r\nabc\n0\r\n\r\n',
	'3\r\nabcd\r\n0\r\n\r\n',
	'3\r\nab\r\n0\r\n\r\n',
	'3;\r\nabc\r\n0\r\n\r\n',
	'3; a\r\nabc\r\n0\r\n\r\n',
	'3;a="\r\nabc\r\n0\r\n\r\n',
	'fffffffffffffffff\r\nabc\r\n0\r\n\r\n',
	'3\r\nabc\r\n0\r\nX : y\r\n\r\n',
	'3\r\nabc\r\n0\r\nX: y\n\r\n',
	'3\r\nabc\r\n',
	'\r\n',
];
const bytes = ['\r', '\n', '\r\n', ' ', '\t', '\x00', '\x0b', ':', ';', ',', '\x7f', '\xff', '0', 'x', '#'];

/** `count` streams of one or two requests. */
export function corpus(seed: number, count: number): string[] {
	const random = randomFrom(seed);
	const pick = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)] as T;
	/** The usual choice, or, not often, any. */
	const mostly = <T>(list: readonly T[]): T => (random() < 0.85 ? (list[0] as T) : pick(list));
	const often = (chance: number): boolean => random() < chance;

	function request(): string {
		const lines: string[] = [];
		if (!often(0.04)) lines.push(`Host: ${mostly(hosts)}`);
		if (often(0.04)) lines.push(`Host: ${pick(hosts)}`);
		for (let i = Math.floor(random() * 3); i > 0; i--) lines.push(often(0.8) ? pick(others.slice(0, 9)) : pick(others));
		let body = '';
		if (often(0.35)) {
			lines.push(`Content-Length: ${mostly(lengths)}`);
			body = 'abc';
		} else if (often(0.5)) {
			lines.push(`Transfer-Encoding: ${mostly(codings)}`);
			body = often(0.5) ? (chunks[0] as string) : pick(chunks);
		}
		if (often(0.05))
			lines.push(often(0.5) ? `Content-Length: ${mostly(lengths)}` : `Transfer-Encoding: ${mostly(codings)}`);
		const method = often(0.85) ? pick(methods.slice(0, 9)) : pick(methods);
		const start = `${method} ${often(0.85) ? pick(targets.slice(0, 7)) : pick(targets)} ${mostly(versions)}`;
		return `${[start, ...lines].join('\r\n')}\r\n\r\n${body}`;
	}

	function damaged(stream: string): string {
		const at = Math.floor(random() * (stream.length + 1));
		const kind = random();
		if (kind < 0.4) return stream.slice(0, at) + pick(bytes) + stream.slice(at);
		if (kind < 0.7) return stream.slice(0, at) + stream.slice(at + 1);
		if (kind < 0.9) return stream.slice(0, at) + pick(bytes) + stream.slice(at + 1);
		return stream.slice(0, at);
	}

	return Array.from({ length: count }, () => {
		let stream = often(0.05) ? `\r\n${request()}` : request();
		if (often(0.3)) stream += request();
		return often(0.3) ? damaged(stream) : stream;
	});
}
