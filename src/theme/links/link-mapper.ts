/** Links of the content that name a server which only the proxy knows, turned into those that its visitors can follow. */
import type { LinkMap, LinkPlace } from '../rules/index.ts';
import type { Attribute } from '../tree/index.ts';
import { Beginnings } from './beginnings.ts';
import { type MapUrl, mapCssUrls } from './css-urls.ts';
import { mapAttributes } from './map-attributes.ts';
import { cookieMapper } from './set-cookie.ts';
import { mapSrcset } from './srcset.ts';

/** The attributes of every place that is in markup. */
const PLACES: Readonly<Partial<Record<LinkPlace, readonly string[]>>> = {
	href: ['href', 'xlink:href', 'cite', 'longdesc'],
	src: ['src', 'poster', 'data', 'background'],
	srcset: ['srcset', 'imagesrcset'],
	action: ['action', 'formaction'],
	style: ['style'],
	meta: ['content'],
};

export class LinkMapper {
	/** No other attribute is ever changed. */
	readonly watchedAttributes: ReadonlySet<string>;
	private readonly places: ReadonlySet<LinkPlace>;
	private readonly placeOf: ReadonlyMap<string, LinkPlace>;
	private readonly mapUrl: MapUrl;
	private readonly mapCookie: (value: string) => string;

	constructor(map: LinkMap) {
		const beginnings = new Beginnings(map.map);
		this.mapUrl = (url) => beginnings.map(url);
		this.mapCookie = cookieMapper(map.map);
		this.places = new Set(map.in);
		this.placeOf = new Map(map.in.flatMap((place) => (PLACES[place] ?? []).map((name) => [name, place] as const)));
		this.watchedAttributes = new Set(this.placeOf.keys());
	}

	/** An element's attributes with their links mapped, or null when nothing changes. */
	attributes(name: string, attributes: readonly Attribute[]): readonly Attribute[] | null {
		return mapAttributes(attributes, (attribute, value) => {
			switch (this.placeOf.get(attribute)) {
				case undefined:
					return value;
				case 'srcset':
					return mapSrcset(value, this.mapUrl);
				case 'style':
					return mapCssUrls(value, this.mapUrl, 'all');
				case 'meta':
					return isRefresh(name, attributes) ? mapRefresh(value, this.mapUrl) : value;
				default:
					return attribute === 'data' && name !== 'object' ? value : this.mapUrl(value);
			}
		});
	}

	/** The text of a style element, or a style sheet. */
	css(text: string): string {
		return this.places.has('css') ? mapCssUrls(text, this.mapUrl, 'all') : text;
	}

	/** Any URL, wherever it stands. */
	url(url: string): string {
		return this.mapUrl(url);
	}

	/** The value of a Location or Content-Location field. */
	location(value: string): string {
		return this.places.has('location') ? this.mapUrl(value) : value;
	}

	/** The value of a Set-Cookie field: its Domain and Path. */
	setCookie(value: string): string {
		return this.places.has('cookie') ? this.mapCookie(value) : value;
	}
}

export function linkMapper(map: LinkMap): LinkMapper {
	return new LinkMapper(map);
}

function isRefresh(name: string, attributes: readonly Attribute[]): boolean {
	if (name !== 'meta') return false;
	return attributes.some((one) => one.name === 'http-equiv' && one.value.trim().toLowerCase() === 'refresh');
}

const REFRESH = /^[\d.]*\s*[;,]\s*(?:url\s*=\s*)?/i;

/** `5; url='http://…'`. */
function mapRefresh(content: string, map: MapUrl): string {
	const trimmed = content.trimStart();
	const before = REFRESH.exec(trimmed)?.[0];
	if (before === undefined) return content;
	const quote = /^["']/.exec(trimmed.slice(before.length))?.[0] ?? '';
	const start = before.length + quote.length;
	const close = quote === '' ? -1 : trimmed.indexOf(quote, start);
	const end = close === -1 ? trimmed.length : close;
	const url = trimmed.slice(start, end);
	const mapped = map(url);
	return mapped === url ? content : trimmed.slice(0, start) + mapped + trimmed.slice(end);
}
