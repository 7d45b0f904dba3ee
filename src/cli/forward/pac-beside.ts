/** `/proxy.pac` of a proxy itself, for whoever asks: browsers have no password for it, and it says no more than they know. */
import { type Middleware, raw } from '../../convention/index.ts';
import { isForUs, pacApp } from '../../proxy/forward/index.ts';

const pac = pacApp();

export const pacBeside: Middleware = (app) => (given, context) => {
	const request = raw(given);
	const wanted = request.target === '/proxy.pac' && isForUs(request, context);
	return wanted ? pac(request, context, context) : app(given, context, context);
};
