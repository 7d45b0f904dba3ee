/** The modern app beside the old site: a page of its own, and a Hono application mounted at `/api`. */
import { type App, mount, raw, respond } from 'turnabout';
import { api } from './api.ts';
import { bookingPage, missingPage } from './page.ts';

const HTML = { 'content-type': 'text/html; charset=utf-8' };

const page: App = (request, context) => {
	const { method, target } = raw(request);
	if (target.split('?', 1)[0] !== '/') return respond(404, HTML, missingPage(context.mount));
	if (method !== 'GET' && method !== 'HEAD') return respond(405, { allow: 'GET, HEAD' });
	return respond(200, HTML, bookingPage(context.mount));
};

export const modern: App = mount('/api', api.fetch)(page);
