/** The keys of session tickets: alike for all who know the secret, and only for a while. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { TicketKeys } from '../../src/certificates/index.ts';

const secret = 'a secret that is long enough to be one';
const HOUR = 3_600_000;
const noon = Date.UTC(2026, 0, 1, 12);

test('all who know the secret have the same keys, as text or as bytes, and nobody else has', () => {
	const [one, two, other] = [new TicketKeys(secret), new TicketKeys(Buffer.from(secret)), new TicketKeys(`${secret}!`)];
	assert.equal(one.at(noon).length, 48);
	assert.deepEqual(one.at(noon), two.at(noon));
	assert.notDeepEqual(one.at(noon), other.at(noon));
	assert.notDeepEqual(new TicketKeys().at(noon), new TicketKeys().at(noon));
});

test('keys stay the same object for half a day, and are others then', () => {
	const keys = new TicketKeys(secret);
	const now = keys.at(noon);
	assert.equal(keys.at(noon + 11 * HOUR), now);
	assert.notDeepEqual(keys.at(noon + 12 * HOUR), now);
	assert.deepEqual(keys.at(noon), now, 'a clock that goes back finds those of before');
});
