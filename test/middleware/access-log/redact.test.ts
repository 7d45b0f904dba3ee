import assert from 'node:assert/strict';
import { test } from 'node:test';
import { redacted } from '../../../src/middleware/access-log/redact.ts';

test('secrets are left out of references, wherever in them they stand', () => {
	const rows: readonly (readonly [string, string])[] = [
		['/a?token=x&b=1', '/a?token=***&b=1'],
		['/a;jsessionid=x', '/a;jsessionid=***'],
		['/a;jsessionid=x?b=1', '/a;jsessionid=***?b=1'],
		['/login?back=/reset?token=x', '/login?back=/reset?token=***'],
		['/login?back=%2Freset%3Ftoken%3Dx', '/login?back=***'],
		['/login?back=%252Freset%253Ftoken%253Dx', '/login?back=***'],
		['/login?back=%2Fnews%3Fpage%3D2', '/login?back=%2Fnews%3Fpage%3D2'],
		['/a?key=x&sig=x&jwt=x&SAMLResponse=x&otp=x', '/a?key=***&sig=***&jwt=***&SAMLResponse=***&otp=***'],
		['/a?monkey=1&keys=2', '/a?monkey=1&keys=2'],
		['http://user:secret@a.example/', 'http://***@a.example/'],
	];
	for (const [reference, text] of rows) assert.equal(redacted(reference), text);
});

test('the time for a reference grows with its length and no faster', () => {
	const took = (length: number): number => {
		const text = `/a?${'back=%3Fa%3D'.repeat(length / 12)}`;
		const began = process.cpuUsage().user;
		for (let i = 0; i < 20; i++) redacted(text);
		return process.cpuUsage().user - began;
	};
	took(6_000);
	// Ten times the length: a hundred times the time would be the square.
	assert.ok(took(60_000) < 50 * Math.max(took(6_000), 1_000));
});
