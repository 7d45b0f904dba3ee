/** From the upstream's names back to ours, when asked to: Location and Content-Location, and cookies' Domain and Path. */
import type { Origin } from '../../client/index.ts';
import type { RawRequest } from '../../convention/index.ts';
import type { FieldList } from '../../fields/index.ts';
import type { CookieMapping } from './options.ts';
import type { Paths } from './paths.ts';

/** A reference to the upstream becomes one to us; any other stays, byte for byte. */
export function mapLocations(fields: FieldList, request: RawRequest, origin: Origin, paths: Paths, mount: string): void {
	for (const name of ['Location', 'Content-Location']) {
		const value = fields.get(name);
		if (value === null) continue;
		const mapped = mapReference(value, request, origin, paths, mount);
		if (mapped !== value) fields.set(name, mapped);
	}
}

const REFERENCE = /^(?:(https?):)?\/\/([^/?#]*)(.*)$/is;

function mapReference(value: string, request: RawRequest, origin: Origin, paths: Paths, mount: string): string {
	const parts = REFERENCE.exec(value);
	if (parts === null) return value.startsWith('/') ? mount + paths.inward(value) : value;
	const [, scheme = origin.secure ? 'https' : 'http', authority = '', rest = ''] = parts;
	const secure = scheme.toLowerCase() === 'https';
	if (secure !== origin.secure || !sameAuthority(authority, origin)) return value;
	return `${request.scheme}://${request.authority}${mount}${paths.inward(rest === '' ? '/' : rest)}`;
}

function sameAuthority(authority: string, origin: Origin): boolean {
	const text = authority.toLowerCase();
	return text === origin.authority || text === `${origin.host}:${origin.port}` || text === `[${origin.host}]:${origin.port}`;
}

/** Set-Cookie lines, each on its own: they cannot be joined (RFC 9110 section 5.3). */
export function mapCookies(fields: FieldList, mapping: CookieMapping): void {
	const lines = fields.all('set-cookie');
	if (lines.length === 0) return;
	fields.delete('set-cookie');
	for (const line of lines) fields.append('Set-Cookie', mapCookie(line, mapping));
}

function mapCookie(line: string, mapping: CookieMapping): string {
	const [pair = '', ...attributes] = line.split(';');
	const kept: string[] = [pair];
	for (const attribute of attributes) {
		const [name = '', value = ''] = attribute.split('=', 2);
		const key = name.trim().toLowerCase();
		if (key === 'domain' && mapping.domain !== undefined) {
			if (mapping.domain !== null) kept.push(` Domain=${mapping.domain}`);
		} else if (key === 'path' && mapping.path !== undefined) {
			kept.push(` Path=${mapPath(value.trim(), mapping.path)}`);
		} else {
			kept.push(attribute);
		}
	}
	return kept.join(';');
}

function mapPath(path: string, prefixes: Readonly<Record<string, string>>): string {
	for (const prefix of Object.keys(prefixes).sort((a, b) => b.length - a.length)) {
		const whole = prefix.replace(/\/$/, '');
		if (path === prefix || path === whole || path.startsWith(`${whole}/`)) {
			return `${(prefixes[prefix] as string).replace(/\/$/, '')}${path.slice(whole.length)}` || '/';
		}
	}
	return path;
}
