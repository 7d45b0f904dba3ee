/** The apps of the kinds that know fetch, which run wherever we do. */
import type { App } from '../../../../src/convention/index.ts';
import { elysia } from './elysia.ts';
import { app as fetch } from './fetch.ts';
import { h3 } from './h3.ts';
import { hono } from './hono.ts';

export const fetchKinds = {
	fetch,
	hono: hono.fetch as App,
	h3: h3.fetch as App,
	elysia: elysia.fetch,
} as const satisfies Readonly<Record<string, App>>;
