/** Noise and damaged requests of HTTP/1.1. */
import { test } from 'node:test';
import { h1 } from '../../../src/engine/h1/index.ts';
import { fuzzHttp1 } from '../http1-fuzz.ts';

test('noise and damaged requests end nothing and leave nothing', { timeout: 60_000 }, (t) => fuzzHttp1(t, h1));
