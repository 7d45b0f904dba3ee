/** The modern app beside the old site: a page of its own, and a Hono application mounted at `/api`. */
import { type App, mount, raw, respond } from 'turnabout';
import { api } from './api.ts';
import { bookingPage } from './page.ts';

const page: App = (request, context) => {
	const { method, target } = raw(request);
	if (target.split('?', 1)[0] !== '/') return respond(404, {}, 'There is no such page here.\n');
	if (method !== 'GET' && method !== 'HEAD') return respond(405, { allow: 'GET, HEAD' });
	return respond(200, { 'content-type': 'text/html; charset=utf-8' }, bookingPage(context.mount));
};

export const modern: App = mount('/api', api.fetch)(page);
