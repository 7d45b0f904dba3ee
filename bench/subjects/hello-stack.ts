/** The smallest app behind five layers that only pass on: what composition itself costs. */
import { type App, type Middleware, stack } from 'turnabout';
import hello from './hello.ts';

/** A function of its own for each layer, as five real ones would be. */
function passThrough(): Middleware {
	return (next) => (request, context) => next(request, context);
}

const app: App = stack(passThrough(), passThrough(), passThrough(), passThrough(), passThrough())(hello);
// oxlint-disable-next-line no-default-export -- an app is what a served module exports by default
export default app;
