import { type App, mount, stack } from '../../../src/convention/index.ts';

/** The app stands at the top, and once more below a mount. */
export function mounted(app: App): App {
	return stack(mount('/below', app))(app);
}
