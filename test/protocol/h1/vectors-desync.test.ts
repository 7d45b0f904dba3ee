/**
 * The desync vectors, by tier. Severe: every one is refused. Compliant: accepted, but for what no server accepts.
 * Acceptable and Ambiguous: refused, but for the few in which nobody could read a second request.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type DesyncVector, readVectors } from './desync-vectors.ts';
import { violationOf } from './recorder.ts';
import { vectorFolder } from './vectors.ts';

const CODINGS = 'codings but chunked, identity and parameters are not understood here (RFC 9112 6.1)';

/** Compliant by the vectors, refused by us. */
const refused: Readonly<Record<string, readonly [code: string, reason: string]>> = {
	'more-compliant-tests.yaml: Correct TE OK': ['UNKNOWN_CODING', CODINGS],
	'more-compliant-tests.yaml: Transfer-Encoding: identity and chunked OK': ['TRANSFER_ENCODING', CODINGS],
	'more-compliant-tests.yaml: Multiple transfer encoding headers in a single request OK': [
		'TRANSFER_ENCODING',
		CODINGS,
	],
	'more-compliant-tests.yaml: TE with custom parameters OK': ['TRANSFER_ENCODING', CODINGS],
	'rfc-compliant.yaml: Different Transfer-Encoding headers': ['TRANSFER_ENCODING', CODINGS],
	'rfc-compliant.yaml: Different Transfer-Encoding headers combined': ['TRANSFER_ENCODING', CODINGS],
	'rfc-compliant.yaml: Transfer-Encoding with a param: chunked;custom_param': ['TRANSFER_ENCODING', CODINGS],
	'rfc-compliant.yaml: Compliant URL': ['TARGET', 'a fragment is never sent (RFC 9112 3.2)'],
	'rfc-compliant.yaml: International in URI': ['TARGET', 'a target is ASCII (RFC 3986 2)'],
	'rfc-compliant.yaml: Empty URI': ['REQUEST_LINE', 'a target is never empty (RFC 9112 3.2)'],
};

const FRAMED = 'a body is framed alike with every method (RFC 9112 6)';
const OTHER_NAME = 'another field, whose name is a token (RFC 9110 5.1)';

/** Acceptable or Ambiguous by the vectors, accepted by us. */
const accepted: Readonly<Record<string, string>> = {
	'acceptable.yaml: Get with a body and Content-Length:0': FRAMED,
	'acceptable.yaml: Unknown but OK HTTP/1.2': 'higher minor versions are read as 1.1 (RFC 9110 2.5)',
	'ambiguous.yaml: Transfer_Encoding with underscore.': OTHER_NAME,
	'ambiguous.yaml: Content_Length with underscore.': OTHER_NAME,
	'ambiguous.yaml: Transfer-Encoding with multiple hyphens': OTHER_NAME,
	'ambiguous.yaml: Transfer-Encoding with multiple delimiters': OTHER_NAME,
	'ambiguous.yaml: Get with a body and Content-Length': FRAMED,
	'ambiguous.yaml: Get with a body and Transfer-Encoding': FRAMED,
	'ambiguous.yaml: Head with a body and Content-Length': FRAMED,
	'ambiguous.yaml: Head with a body and Transfer-Encoding': FRAMED,
	'real-life-test-cases.yaml: Has a CL in GET': FRAMED,
	'real-life-test-cases.yaml: Has a TE in GET': FRAMED,
};

function check({ name, tier, input }: DesyncVector): void {
	const code = violationOf('server', input);
	if (tier === 'Severe') assert.notEqual(code, null);
	else if (tier === 'Compliant') assert.equal(code, refused[name]?.[0] ?? null, refused[name]?.[1] ?? 'compliant');
	else if (name in accepted) assert.equal(code, null, accepted[name] ?? '');
	else assert.notEqual(code, null);
}

const folder = vectorFolder('desync');
const options = { skip: folder === null ? 'the desync vectors are not here' : false };

test('every desync vector is answered as its tier says', options, async (t) => {
	const vectors = readVectors(folder as string);
	const tiers = vectors.map(({ tier }) => tier);
	assert.deepEqual([...new Set(tiers)].sort(), ['Acceptable', 'Ambiguous', 'Compliant', 'Severe']);
	assert.equal(tiers.filter((tier) => tier === 'Severe').length, 58);
	for (const name of [...Object.keys(refused), ...Object.keys(accepted)]) {
		assert.ok(
			vectors.some((vector) => vector.name === name),
			`no such vector: ${name}`,
		);
	}
	for (const vector of vectors) await t.test(`${vector.tier}: ${vector.name}`, () => check(vector));
});
