/** `links` in YAML and code: beginnings of URLs, and what takes their place. */
import { didYouMean } from '../diagnostics/index.ts';
import { type Data, MapReader, mapOf, textOf } from './data/index.ts';
import type { Mistakes } from './mistakes.ts';
import type { LinkMap, LinkPlace } from './model.ts';

export const LINK_PLACES: readonly LinkPlace[] = [
	'href',
	'src',
	'srcset',
	'action',
	'style',
	'css',
	'meta',
	'location',
	'cookie',
];

export function readLinks(data: Data, mistakes: Mistakes): LinkMap | null {
	const links = mapOf(data, 'links', mistakes);
	if (links === null) return null;
	const reader = new MapReader(links, 'links', ['map', 'in'], mistakes);
	const given = reader.get('map');
	const map = given === null ? null : mapOf(given, 'map', mistakes);
	if (given === null && !reader.has('map')) mistakes.error('missing-key', 'links needs map.', links.place);
	const pairs = (map?.entries ?? []).flatMap(({ key, keyPlace, value }): [string, string][] => {
		const to = textOf(value, key, mistakes);
		if (key === '') mistakes.error('bad-value', 'An empty beginning would match every link.', keyPlace);
		return to === null || key === '' ? [] : [[key, to.value]];
	});
	const places = reader.texts('in').flatMap(({ value, place }) => {
		const known = LINK_PLACES.find((one) => one === value);
		if (known !== undefined) return [known];
		const hint = didYouMean(value, LINK_PLACES) ?? `There are ${LINK_PLACES.join(', ')}.`;
		mistakes.error('bad-value', `Links are not in '${value}'.`, place, hint);
		return [];
	});
	return { map: Object.fromEntries(pairs), in: reader.has('in') ? places : LINK_PLACES };
}
