/** Finding secrets in bytes that come in pieces: in every spelling, at every border, and without telling what was nearly one. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { collect, fromIterable, mapped, type Sink, type Source } from '../../../src/bytes/index.ts';
import { FieldList } from '../../../src/fields/index.ts';
import { Scrubber } from '../../../src/middleware/inject/scrubber.ts';

const SECRET = 'sk-a/b+c=d&"e\'0123456789';
const MARK = 'injected-by-proxy';
const scrubber = new Scrubber([SECRET], MARK);

async function scrubbed(pieces: readonly (string | Uint8Array)[], by = scrubber): Promise<string> {
	const source = mapped(
		fromIterable(pieces.map((piece) => (typeof piece === 'string' ? Buffer.from(piece, 'latin1') : piece))),
		by.flowing(() => {}),
	);
	return Buffer.from(await collect(source, 10_000_000)).toString('latin1');
}

const spellings: Readonly<Record<string, string>> = {
	'as it is': SECRET,
	encodeURIComponent: encodeURIComponent(SECRET),
	'encodeURIComponent in lower case': encodeURIComponent(SECRET).replace(/%../g, (octet) => octet.toLowerCase()),
	URLSearchParams: new URLSearchParams({ x: SECRET }).toString().slice(2),
	JSON: JSON.stringify(SECRET).slice(1, -1),
	'JSON with escaped slashes': JSON.stringify(SECRET).slice(1, -1).replaceAll('/', '\\/'),
	HTML: SECRET.replaceAll('&', '&amp;').replaceAll('"', '&quot;').replaceAll("'", '&#39;'),
	'hexadecimal digits': Buffer.from(SECRET).toString('hex'),
	'HEXADECIMAL DIGITS': Buffer.from(SECRET).toString('hex').toUpperCase(),
};
for (const [name, spelling] of Object.entries(spellings)) {
	test(`a secret is found: ${name}, whole and cut at every place`, async () => {
		const text = `before ${spelling} after`;
		const clean = `before ${MARK} after`;
		assert.equal(scrubber.text(text), clean);
		assert.equal(await scrubbed([text]), clean);
		for (let at = 0; at <= text.length; at++) assert.equal(await scrubbed([text.slice(0, at), text.slice(at)]), clean);
		assert.equal(await scrubbed(text.split('')), clean);
	});
}

for (const encoding of ['base64', 'base64url'] as const) {
	for (const before of ['', 'a', 'ab', 'abc', 'user:', 'someone:']) {
		test(`a secret is found in ${encoding}, behind ${JSON.stringify(before)}`, async () => {
			const text = Buffer.from(`${before}${SECRET}.more`).toString(encoding);
			const clean = await scrubbed(text.split(''));
			assert.ok(clean.includes(MARK));
			// What stays are at most the characters in which bits of the secret and of something else are mixed.
			const left = Buffer.from(clean.replace(MARK, '.'.repeat(4)), encoding).toString('latin1');
			for (let at = 0; at + 2 <= SECRET.length; at++) assert.ok(!left.includes(SECRET.slice(at, at + 3)), left);
		});
	}
}

test('the same, for all kinds of secrets, texts and cuts', async () => {
	const secretText = fc.string({ minLength: 8, maxLength: 24, unit: fc.constantFrom(...'ab%"/+é '.split('')) });
	await fc.assert(
		fc.asyncProperty(
			secretText.filter((one) => one === one.trim() && !MARK.includes(one)),
			fc.array(
				fc.oneof(fc.constant(null), fc.string({ unit: fc.constantFrom(...'ab%"/+é \n'.split('')), maxLength: 12 })),
			),
			fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 6 }),
			async (value, parts, sizes) => {
				const bytes = Buffer.from(value, 'utf8').toString('latin1');
				const one = new Scrubber([bytes], MARK);
				const text = parts
					.map((part) => (part === null ? bytes : Buffer.from(part, 'utf8').toString('latin1')))
					.join('');
				const pieces: string[] = [];
				for (let at = 0, i = 0; at < text.length; i++) {
					const size = sizes[i % sizes.length] as number;
					pieces.push(text.slice(at, at + size));
					at += size;
				}
				const clean = await scrubbed(pieces, one);
				assert.ok(!clean.includes(bytes));
				// However it is cut, the outcome is the same.
				assert.equal(clean, await scrubbed([text], one));
				assert.equal(Buffer.from(one.whole(Buffer.from(text, 'latin1'))).toString('latin1'), clean);
				if (!text.includes(bytes.slice(0, 2))) assert.equal(clean, text);
			},
		),
		{ numRuns: 300 },
	);
});

test('of two secrets, one of which begins the other, nothing is left over', async () => {
	const both = new Scrubber(['0123456789', '0123456789abcdef'], MARK);
	for (const text of ['0123456789abcdef', 'x 0123456789 y', '01234567890123456789abcdef']) {
		const clean = await scrubbed(text.split(''), both);
		assert.ok(!/[2-9a-f]{4}/.test(clean.replaceAll(MARK, '')), clean);
		assert.equal(clean, await scrubbed([text], both));
	}
});

/** What has been let out after each piece. */
function outputs(pieces: readonly string[]): number[] {
	const lengths: number[] = [];
	let out = 0;
	const sink: Sink = { write: (chunk) => ((out += chunk.length), true), end: () => {}, fail: () => {} };
	let inner: Sink | null = null;
	const source: Source = { length: null, start: (to) => void (inner = to), resume: () => {}, cancel: () => {} };
	mapped(
		source,
		scrubber.flowing(() => {}),
	).start(sink);
	for (const piece of pieces) {
		(inner as unknown as Sink).write(Buffer.from(piece, 'latin1'));
		lengths.push(out);
	}
	return lengths;
}

test('what waits depends on the look of a text alone: a right guess of a beginning waits as a wrong one does', () => {
	for (let length = 1; length < SECRET.length; length++) {
		const right = SECRET.slice(0, length);
		// Of the same kinds of characters, and wrong in the last place.
		const wrong = `${right.slice(0, -1)}${right.at(-1) === 'x' ? 'y' : 'x'}`;
		assert.deepEqual(outputs([`echo ${right}`]), outputs([`echo ${wrong}`]), right);
	}
});

test('an event, a line and a bracket let out all that stands before them', () => {
	for (const end of ['\n', '\r\n\r\n', '}', ' ', '>']) {
		const text = `data: {"text":"sk-a/b"${end}`;
		assert.deepEqual(outputs([text]), [text.length]);
	}
});

test('what waits is never more than a secret is long', () => {
	const [out = 0] = outputs(['x'.repeat(100_000)]);
	assert.ok(out > 100_000 - SECRET.length * 4);
});

test('fields: values are cleaned, a name that holds a secret goes with its line, and a clean list is left as it is', () => {
	const by = new Scrubber(['token0123456789'], MARK);
	const dirty = FieldList.of([
		'Location',
		'/?k=token0123456789',
		'X-token0123456789',
		'1',
		'Set-Cookie',
		'a',
		'Set-Cookie',
		'b',
	]);
	assert.deepEqual(by.fields(dirty).raw, ['Location', `/?k=${MARK}`, 'Set-Cookie', 'a', 'Set-Cookie', 'b']);
	const clean = FieldList.of(['A', '1']);
	assert.equal(by.fields(clean), clean);
});

test('a body made of beginnings of a secret takes time that grows with its length and no faster', () => {
	const near = SECRET.slice(0, -1);
	const time = (count: number): number => {
		const bytes = Buffer.from(near.repeat(count), 'latin1');
		const began = performance.now();
		scrubber.whole(bytes);
		return performance.now() - began;
	};
	time(1_000);
	const [small, large] = [Math.min(time(5_000), time(5_000), time(5_000)), Math.min(time(50_000), time(50_000))];
	assert.ok(large < small * 60 + 5, `${small} ms, ${large} ms`);
});
