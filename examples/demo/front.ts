/** The one Turnabout in front: `/new` is the modern app's, everything else still comes from the old site. */
import { mount, reverse, type ServeOptions } from 'turnabout';
import { modern } from './modern/app.ts';

/** What `serve` needs but the address to listen on; `legacy` is where the old site is. */
export function front(legacy: string): ServeOptions {
	const oldSite = reverse(legacy, { location: 'map' });
	return {
		app: mount('/new', modern)(oldSite),
		resources: [oldSite],
		accessLog: '-',
		drain: 1_000,
	};
}
