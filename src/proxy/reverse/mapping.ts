/** From the upstream's names back to ours, when asked to: Location and Content-Location, and cookies' Domain and Path. */
import type { Origin } from '../../client/index.ts';
import type { RawRequest } from '../../convention/index.ts';
import type { FieldList } from '../../fields/index.ts';
import type { Target } from './gateway.ts';
import type { CookieMapping } from './options.ts';

/** What the upstream's references are relative to. */
export interface Place {
	readonly target: Target;
	/** What Host told the upstream. */
	readonly asked: string;
	/** Where we are mounted. */
	readonly mount: string;
}

/** A reference to the upstream becomes one to us; any other stays, byte for byte. */
export function mapLocations(fields: FieldList, request: RawRequest, place: Place): void {
	for (const name of ['Location', 'Content-Location']) {
		const value = fields.get(name);
		if (value === null) continue;
		const mapped = mapReference(value, request, place);
		if (mapped !== value) fields.set(name, mapped);
	}
}

const REFERENCE = /^(?:(https?):)?\/\/([^/?#]*)(.*)$/is;

function mapReference(value: string, request: RawRequest, place: Place): string {
	const { target, mount } = place;
	const parts = REFERENCE.exec(value);
	if (parts === null) return value.startsWith('/') ? mount + target.paths.inward(value) : value;
	const [, scheme, authority = '', rest = ''] = parts;
	if (!isUpstream(scheme?.toLowerCase(), authority.toLowerCase(), request, place)) return value;
	return `${request.scheme}://${request.authority}${mount}${target.paths.inward(rest.startsWith('/') ? rest : `/${rest}`)}`;
}

/** The upstream knows itself by its own name, and by the one that we asked it by: then by our scheme, too, which Forwarded tells it. */
function isUpstream(scheme: string | undefined, authority: string, request: RawRequest, place: Place): boolean {
	const { origin } = place.target.upstream;
	const own = origin.secure ? 'https' : 'http';
	if (authority === place.asked.toLowerCase())
		return scheme === undefined || scheme === own || scheme === request.scheme;
	return (scheme === undefined || scheme === own) && isOwnAuthority(authority, origin);
}

function isOwnAuthority(text: string, origin: Origin): boolean {
	return (
		text === origin.authority || text === `${origin.host}:${origin.port}` || text === `[${origin.host}]:${origin.port}`
	);
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
		const equals = attribute.indexOf('=');
		const key = (equals < 0 ? attribute : attribute.slice(0, equals)).trim().toLowerCase();
		if (key === 'domain' && mapping.domain !== undefined) {
			if (mapping.domain !== null) kept.push(` Domain=${mapping.domain}`);
		} else if (key === 'path' && equals >= 0 && mapping.path !== undefined) {
			kept.push(` Path=${mapPath(attribute.slice(equals + 1).trim(), mapping.path)}`);
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
