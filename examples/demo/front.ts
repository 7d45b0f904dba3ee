/**
 * The one Turnabout in front: `/new` is the modern app's, everything else still comes from the old site, and both are shown in
 * one theme. In development `?theme=off` shows a page as it is behind the theme, and `?theme=debug` what each rule did.
 */
import { fileURLToPath } from 'node:url';
import { mount, reverse, type ServeOptions } from 'turnabout';
import { theme } from 'turnabout/theme';
import { modern } from './modern/app.ts';

/** `rules.xml` beside it says the same in Diazo's own language. */
export const rules: string = fileURLToPath(new URL('./theme/rules.yaml', import.meta.url));

/** What `serve` needs but the address to listen on; `legacy` is where the old site is. */
export function front(legacy: string, source: string = rules): ServeOptions {
	const oldSite = reverse(legacy, { location: 'map' });
	const themed = theme(source, { development: true });
	return {
		app: themed(mount('/new', modern)(oldSite)),
		accessLog: '-',
		drain: 1_000,
	};
}
