/**
 * The fields in which somebody tells where a request came from: those that this layer reads, those of other vendors, and all
 * of them in other spellings. To what makes variables of fields (CGI, WSGI, PHP), `X_Forwarded_For`, and to some
 * `X.Forwarded.For` as well, is X-Forwarded-For.
 */
import { type FieldList, FORWARDED, flags, tags } from '../../fields/index.ts';

/** Vendors' fields for the client's address; what begins with X-Forwarded is claimed by its beginning. */
const VENDORS: ReadonlySet<string> = new Set(
	(
		'ali-cdn-real-ip cdn-src-ip cf-connecting-ip cf-connecting-ipv6 cf-pseudo-ipv4 client-ip cloudfront-viewer-address ' +
		'do-connecting-ip fastly-client-ip fly-client-ip forwarded forwarded-for forwarded-for-ip forwarded-host forwarded-proto ' +
		'front-end-https incap-client-ip proxy-client-ip remote-addr remote-host true-client-ip wl-proxy-client-ip ' +
		'x-appengine-user-ip x-azure-clientip x-azure-socketip x-client-ip x-cluster-client-ip x-envoy-external-address ' +
		'x-nf-client-connection-ip x-original-forwarded-for x-original-host x-originating-ip x-proxyuser-ip x-real-ip x-real-port ' +
		'x-remote-addr x-remote-ip x-sucuri-clientip x-true-client-ip x-url-scheme x-vercel-forwarded-for'
	).split(' '),
);
const BEGINNING = 'x-forwarded';
const LONGEST = 64;

type Name = keyof typeof tags;

/** Those of the table of special fields. */
const ALL = (Object.keys(tags) as Name[]).filter((name) => ((flags[tags[name]] as number) & FORWARDED) !== 0);
const STANDARD: readonly Name[] = ['forwarded'];
const CUSTOMARY = ALL.filter((name) => name !== 'forwarded');
const NOTHING: readonly string[] = [];

/**
 * The names of the fields that are there and not believed: of a peer that is not trusted all of them; of one that is, the
 * family that it is not asked for, and spellings that no honest proxy writes. `standard`: it is asked for RFC 7239's field.
 */
export function strayIn(fields: FieldList, trusted: boolean, standard: boolean): readonly string[] {
	const names = trusted ? (standard ? CUSTOMARY : STANDARD) : ALL;
	let found: string[] | null = null;
	for (let i = 0; i < names.length; i++) {
		const name = names[i] as Name;
		if (fields.hasTagged(tags[name])) (found ??= []).push(name);
	}
	const unknown = fields.unknownNames();
	for (let i = 0; i < unknown.length; i++) {
		const name = unknown[i] as string;
		if (claims(name, trusted)) (found ??= []).push(name);
	}
	return found ?? NOTHING;
}

/** Whether a field that is not in the table says where a request came from. */
function claims(name: string, trusted: boolean): boolean {
	if (name.length > LONGEST || !FIRST.has(name.charCodeAt(0) | 0x20)) return false;
	const lower = name.toLowerCase();
	const usual = lower.replace(/[^a-z0-9]/g, '-');
	if (trusted && usual === lower) return false;
	return VENDORS.has(usual) || usual.startsWith(BEGINNING);
}

/** Letters that such names begin with: most others are told by it. */
const FIRST: ReadonlySet<number> = new Set([BEGINNING, ...VENDORS].map((name) => name.charCodeAt(0)));
