/** Parameters of a query that are ours to set. */

/** The target with each parameter set: others by that name, in any spelling, go. Everything else stays byte for byte. */
export function withParameters(target: string, parameters: ReadonlyMap<string, string>): string {
	const mark = target.indexOf('?');
	const path = mark === -1 ? target : target.slice(0, mark);
	const kept =
		mark === -1
			? []
			: target
					.slice(mark + 1)
					.split('&')
					.filter((one) => !parameters.has(nameOf(one)));
	const set = [...parameters].map(([name, value]) => `${percentEncoded(name)}=${percentEncoded(value)}`);
	return `${path}?${[...kept.filter((one) => one !== ''), ...set].join('&')}`;
}

/** The values of these parameters in a target. */
export function parametersOf(target: string, names: ReadonlySet<string>): string[] {
	const mark = target.indexOf('?');
	if (mark === -1) return [];
	return target
		.slice(mark + 1)
		.split('&')
		.filter((one) => names.has(nameOf(one)))
		.map((one) => decoded(one.slice(one.indexOf('=') + 1)));
}

function nameOf(parameter: string): string {
	const equals = parameter.indexOf('=');
	return decoded(equals === -1 ? parameter : parameter.slice(0, equals));
}

function decoded(text: string): string {
	const spaced = text.replaceAll('+', ' ');
	if (!spaced.includes('%')) return spaced;
	return spaced.replace(/%[0-9a-f]{2}/gi, (octet) => String.fromCharCode(Number.parseInt(octet.slice(1), 16)));
}

/** Of a byte string. All but the unreserved characters of RFC 3986 section 2.3. */
export function percentEncoded(bytes: string): string {
	return bytes.replace(
		/[^A-Za-z0-9\-._~]/g,
		(byte) => `%${byte.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`,
	);
}
