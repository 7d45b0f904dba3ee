/** The attacks that every engine withstands. */
import { test } from 'node:test';
import { nodeHttp } from '../../../src/engine/node-http/index.ts';
import { attacks } from '../attacks.ts';

for (const [what, attack] of Object.entries(attacks)) test(what, { timeout: 60_000 }, (t) => attack(t, nodeHttp));
