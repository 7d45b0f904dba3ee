/** The attacks that every engine withstands, by clients that speak HTTP/1.1 with it. */
import { test } from 'node:test';
import { http2 } from '../../../src/engine/h2/index.ts';
import { attacks } from '../attacks.ts';

for (const [what, attack] of Object.entries(attacks)) test(what, { timeout: 60_000 }, (t) => attack(t, http2));
