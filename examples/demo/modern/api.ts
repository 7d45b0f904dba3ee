/**
 * The API of the boat booking: a plain Hono application. It is an app as it stands, because its `fetch` takes a request
 * and returns a response; the context comes to it as `c.env`.
 */
import { Hono } from 'hono';
import { type Context, raw } from 'turnabout';
import { allBoats, book } from './boats.ts';

export const api: Hono<{ Bindings: Context }> = new Hono<{ Bindings: Context }>();

api.get('/boats', (c) => c.json(allBoats()));

api.post('/bookings', async (c) => {
	const wish: unknown = await c.req.json().catch(() => null);
	if (typeof wish !== 'object' || wish === null || !('boat' in wish) || !('name' in wish)) {
		return c.json({ error: 'Say which boat, and your name: {"boat": "petrel", "name": "Ada"}' }, 400);
	}
	const boat = book(String(wish.boat), String(wish.name));
	if (boat === 'unknown') return c.json({ error: 'There is no such boat.' }, 404);
	if (boat === 'taken') return c.json({ error: 'That boat is taken.' }, 409);
	return c.json(boat, 201);
});

/** What an app can know about the exchange it answers. */
api.get('/context', (c) => {
	const request = raw(c.req.raw);
	const { connection, mount, can, offers } = c.env;
	return c.json({
		request: { method: request.method, target: request.target, authority: request.authority, version: request.version },
		fields: [...request.fields],
		mount,
		connection: { id: connection.id, remote: connection.remote, protocol: connection.protocol },
		offers,
		can,
	});
});
