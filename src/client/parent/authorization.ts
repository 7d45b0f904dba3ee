/** Basic authentication at an HTTP parent (RFC 7617). */
import { credentialsOf, type Parent } from './parent.ts';

const made = new WeakMap<Parent, string | null>();

/** The value of Proxy-Authorization, or null without credentials. */
export function basicAuthorization(parent: Parent): string | null {
	let value = made.get(parent);
	if (value !== undefined) return value;
	const credentials = credentialsOf(parent);
	value = null;
	if (credentials !== null) {
		const bytes = new TextEncoder().encode(`${credentials.user}:${credentials.password}`);
		value = `Basic ${btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(''))}`;
	}
	made.set(parent, value);
	return value;
}
