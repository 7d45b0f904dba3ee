/** The smallest app, behind what stands in front of most: ids, error pages, security headers, routes. */
import { errors, requestId, routes, securityHeaders, stack } from 'turnabout';
import hello from './hello.ts';

// oxlint-disable-next-line no-default-export -- an app is what a served module exports by default
export default stack(
	requestId(),
	errors(),
	securityHeaders(),
)(routes({ 'GET /': hello, 'GET /articles/:id': hello, '/admin/*': hello }));
