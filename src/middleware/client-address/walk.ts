/**
 * From the other end of the connection outwards, as long as those who speak are trusted (RFC 7239 section 8.1). The first
 * that is not trusted is the client; whatever stands further left is the client's own word, and not looked at.
 */
import { normalAddress } from '../../addresses/index.ts';
import type { RawRequest } from '../../convention/index.ts';
import { FieldList, type ForwardedElement, parseAuthority, parseForwarded, tags } from '../../fields/index.ts';
import type { Client } from '../keys.ts';
import { FromTheRight } from './from-the-right.ts';
import type { Settings } from './options.ts';

/** The client of a request that came from `peer`, who is trusted. */
export function walk(request: RawRequest, peer: string, settings: Settings): Client {
	const fields = FieldList.from(request.fields);
	return settings.standard ? byForwarded(request, fields, peer, settings) : byCustom(request, fields, peer, settings);
}

function byForwarded(request: RawRequest, fields: FieldList, peer: string, { trust }: Settings): Client {
	let address = peer;
	let scheme = request.scheme;
	let host: string | null = null;
	let unnamed = false;
	const elements = new FromTheRight(fields.getTagged(tags.forwarded) ?? '');
	while (trust.has(address)) {
		const text = elements.next();
		if (text === null) break;
		const element = elementOf(text);
		// Whoever added this element is trusted, even where it does not tell who asked it.
		scheme = schemeOf(element?.proto) ?? scheme;
		host = hostOf(element?.host) ?? host;
		const next = normalAddress(element?.for?.name ?? '');
		unnamed = next === null;
		if (next === null) break;
		address = next;
	}
	return { address, scheme, host, unnamed };
}

/** One element, alone: what stands to its left has no part in it. Null when it cannot be read. */
function elementOf(text: string): ForwardedElement | null {
	const parsed = parseForwarded(text);
	return parsed !== null && parsed.length === 1 ? (parsed[0] as ForwardedElement) : null;
}

function byCustom(request: RawRequest, fields: FieldList, peer: string, { trust }: Settings): Client {
	let address = peer;
	/** How many trusted proxies have spoken. */
	let hops = 0;
	let unnamed = false;
	const entries = new FromTheRight(fields.getTagged(tags['x-forwarded-for']) ?? '');
	while (trust.has(address)) {
		hops++;
		const entry = entries.next();
		if (entry === null) break;
		const next = addressIn(entry);
		unnamed = next === null;
		if (next === null) break;
		address = next;
	}
	const scheme = schemeOf(saidBy(hops, fields.getTagged(tags['x-forwarded-proto']))) ?? request.scheme;
	const host = hostOf(saidBy(hops, fields.getTagged(tags['x-forwarded-host'])));
	return { address, scheme, host, unnamed };
}

/** One value stands for all; in a list, each proxy has added its own at the end. */
function saidBy(hops: number, value: string | null): string | undefined {
	if (value === null || !value.includes(',')) return value ?? undefined;
	const values = value.split(',');
	return values[values.length - hops]?.trim();
}

/** An entry of X-Forwarded-For, which nobody has specified: an address, at times in brackets and with a port. */
function addressIn(entry: string): string | null {
	if (entry.length > 64) return null;
	const bare = /^(?:\[([^\]]*)\]|([\d.]+))(?::\d{1,5})?$/.exec(entry);
	return normalAddress(bare?.[1] ?? bare?.[2] ?? entry);
}

function schemeOf(text: string | undefined): 'http' | 'https' | null {
	const scheme = text?.toLowerCase();
	return scheme === 'http' || scheme === 'https' ? scheme : null;
}

function hostOf(text: string | undefined): string | null {
	return text !== undefined && parseAuthority(text) !== null ? text : null;
}
