/**
 * The Forwarded field (RFC 7239). All of it is a claim of whoever sent it: what to believe is decided elsewhere, by the
 * trusted-hops policy. A value with any fault is refused whole, since a chain with a hole says nothing about its ends.
 */
import { isIPv4, isIPv6 } from './ip-address.ts';
import { listOf } from './list.ts';
import { formatParameters, type Parameter, parseParameters } from './parameters.ts';
import { isToken } from './syntax.ts';

/** Who took part in a hop (section 6). */
export interface ForwardedNode {
	/** An IPv4 address, an IPv6 address without brackets, `unknown`, or an obfuscated name that starts with `_`. */
	readonly name: string;
	/** A number, an obfuscated port that starts with `_`, or null. */
	readonly port: number | string | null;
}

/** What one proxy noted (section 5). */
export interface ForwardedElement {
	/** Who made the request to the proxy. */
	readonly for?: ForwardedNode;
	/** Where the proxy took the request. */
	readonly by?: ForwardedNode;
	/** The Host field as the proxy received it. */
	readonly host?: string;
	/** The scheme: `http`, `https`. */
	readonly proto?: string;
	/** Parameters that RFC 7239 does not know. */
	readonly extensions?: readonly Parameter[];
}

const NODE = /^(\[[^\]]*\]|[^:]*)(?::(\d{1,5}|_[A-Za-z0-9._-]+))?$/;
const OBFUSCATED = /^_[A-Za-z0-9._-]+$/;
const SCHEME = /^[A-Za-z][A-Za-z0-9+.-]*$/;

/** The hops in order, the client's first proxy first; null when the value is malformed. */
export function parseForwarded(value: string): ForwardedElement[] | null {
	const elements: ForwardedElement[] = [];
	for (const text of listOf(value)) {
		const element = parseElement(text);
		if (element === null) return null;
		elements.push(element);
	}
	return elements;
}

function parseElement(text: string): ForwardedElement | null {
	const parameters = parseParameters(text);
	if (parameters === null) return null;
	const element: { -readonly [K in keyof ForwardedElement]: ForwardedElement[K] } = {};
	const seen = new Set<string>();
	const extensions: Parameter[] = [];
	for (const [name, value] of parameters) {
		// Each parameter at most once (section 4).
		if (value === null || seen.has(name)) return null;
		seen.add(name);
		if (name === 'for' || name === 'by') {
			const node = parseForwardedNode(value);
			if (node === null) return null;
			element[name] = node;
		} else if (name === 'host') element.host = value;
		else if (name === 'proto') {
			if (!SCHEME.test(value)) return null;
			element.proto = value.toLowerCase();
		} else extensions.push([name, value]);
	}
	if (extensions.length > 0) element.extensions = extensions;
	return element;
}

/** Reads a node: `192.0.2.1:80`, `[2001:db8::1]`, `unknown`, `_hidden:_port`. Null when it is none. */
export function parseForwardedNode(text: string): ForwardedNode | null {
	const match = NODE.exec(text);
	if (match === null) return null;
	const [, host = '', tail] = match;
	const port = tail === undefined ? null : tail[0] === '_' ? tail : Number(tail);
	if (typeof port === 'number' && port > 65_535) return null;
	if (host[0] === '[') {
		const address = host.slice(1, -1);
		return isIPv6(address) ? { name: address.toLowerCase(), port } : null;
	}
	if (isIPv4(host) || OBFUSCATED.test(host)) return { name: host, port };
	return host.toLowerCase() === 'unknown' ? { name: 'unknown', port } : null;
}

/** Writes a node as a parameter's value, before quoting. Throws TypeError when it is not one. */
export function formatForwardedNode({ name, port }: ForwardedNode): string {
	const host = isIPv6(name) ? `[${name}]` : name;
	const text = port === null ? host : `${host}:${port}`;
	if (parseForwardedNode(text) === null) throw new TypeError(`Not a node of Forwarded: ${JSON.stringify(text)}`);
	return text;
}

/** Writes hops as a field value. Throws TypeError for what cannot be written. */
export function formatForwarded(elements: readonly ForwardedElement[]): string {
	return elements.map(formatElement).join(', ');
}

function formatElement(element: ForwardedElement): string {
	const parameters: Parameter[] = [];
	if (element.by !== undefined) parameters.push(['by', formatForwardedNode(element.by)]);
	if (element.for !== undefined) parameters.push(['for', formatForwardedNode(element.for)]);
	if (element.host !== undefined) parameters.push(['host', element.host]);
	if (element.proto !== undefined) {
		if (!isToken(element.proto)) throw new TypeError(`Not a scheme: ${JSON.stringify(element.proto)}`);
		parameters.push(['proto', element.proto]);
	}
	return formatParameters(element.extensions === undefined ? parameters : [...parameters, ...element.extensions]);
}
