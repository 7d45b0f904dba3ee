/** The attacks that every engine withstands. */
import { test } from 'node:test';
import { h1 } from '../../../src/engine/h1/index.ts';
import { attacks } from '../attacks.ts';

for (const [what, attack] of Object.entries(attacks)) test(what, { timeout: 60_000 }, (t) => attack(t, h1));
