/** Content-Security-Policy (CSP3): directives checked as far as a mistake would weaken them or end the line. */
import { nearest } from '../../names/index.ts';
import type { ContentSecurityPolicy } from './options.ts';

/** CSP3 section 6, Trusted Types, Upgrade Insecure Requests, and what browsers know besides. */
const DIRECTIVES: readonly string[] = [
	...[
		'default-src',
		'script-src',
		'script-src-elem',
		'script-src-attr',
		'style-src',
		'style-src-elem',
		'style-src-attr',
	],
	...['img-src', 'font-src', 'connect-src', 'media-src', 'object-src', 'frame-src', 'child-src', 'worker-src'],
	...['manifest-src', 'prefetch-src', 'fenced-frame-src', 'webrtc', 'base-uri', 'sandbox', 'form-action'],
	...['frame-ancestors', 'report-to', 'report-uri', 'require-trusted-types-for', 'trusted-types'],
	...['upgrade-insecure-requests', 'block-all-mixed-content'],
];
/** Visible ASCII without what separates directives and policies. */
const SOURCE = /^[\x21-\x2b\x2d-\x3a\x3c-\x7e]+$/;
/** Words that mean themselves only in quotes; without, they are names of hosts. */
const BARE =
	/^(?:self|none|nonce|unsafe-inline|unsafe-eval|unsafe-hashes|strict-dynamic|report-sample|wasm-unsafe-eval|nonce-.*|sha(?:256|384|512)-.*)$/;
const NONCE = "'nonce'";

/** Who may put the page into a frame; null: the policy says nothing of it. */
export interface Ancestors {
	readonly ancestors: string | null;
	/** Whether a policy is begun for that alone: X-Frame-Options does not say it. */
	readonly alone: boolean;
}

/**
 * What stands between the nonces of the policy; null where there is none. `ancestors` is said where the policy does not.
 * Throws TypeError, naming the directive.
 */
export function checkPolicy(
	given: ContentSecurityPolicy,
	{ ancestors, alone }: Ancestors,
	nonce: boolean,
): string[] | null {
	if (typeof given !== 'object' || given === null) throw wrong('', `is ${String(given)}, not directives by name`);
	const said = Object.entries(given).map(([name, sources]) => directive(name, sources));
	if (ancestors !== null && (said.length > 0 || alone) && !Object.hasOwn(given, 'frame-ancestors'))
		said.push(`frame-ancestors ${ancestors}`);
	if (said.length === 0) {
		if (nonce) throw wrong('', "has no 'nonce' among its sources, and nonce is true");
		return null;
	}
	const parts = said.join('; ').split(NONCE);
	if (parts.length > 1 !== nonce) {
		throw wrong(
			'',
			nonce
				? "has no 'nonce' among its sources, and nonce is true"
				: "has 'nonce' among its sources, and nonce is not true",
		);
	}
	return parts;
}

function directive(name: string, given: string | readonly string[] | true): string {
	if (!DIRECTIVES.includes(name)) {
		const near = nearest(name, DIRECTIVES);
		const meant = near === null ? ': script-src, img-src' : `; did you mean ${near}?`;
		throw wrong('', `has ${JSON.stringify(name)}, which is no directive${meant}`);
	}
	if (given === true) return name;
	const sources: unknown = typeof given === 'string' ? given.split(' ').filter((one) => one !== '') : given;
	if (!Array.isArray(sources)) throw wrong(name, `is ${String(given)}, not a list of sources`);
	for (const source of sources) {
		if (typeof source !== 'string' || !SOURCE.test(source)) {
			throw wrong(name, `has ${JSON.stringify(source)}, which is no source: no spaces, commas or semicolons`);
		}
		if (BARE.test(source))
			throw wrong(name, `has ${source}, which is a host by that name; write '${source}' in its quotes`);
	}
	return [name, ...(sources as string[])].join(' ');
}

const wrong = (name: string, why: string): TypeError =>
	new TypeError(`securityHeaders: contentSecurityPolicy${name === '' ? '' : `.${name}`} ${why}`);
