/**
 * A PAC file made by us: which hosts go through our proxy and which do not, in the few words of JavaScript that every engine
 * for PAC files understands. The code is always the same; what differs is data, and that is written as JSON.
 */
import { hostList, parseParent } from '../../../client/index.ts';
import { type App, cancelPayload, HttpError, raw, respond } from '../../../convention/index.ts';
import { isIPv4, isIPv6, parseAuthority } from '../../../fields/index.ts';
import { checkNames, shown } from '../../../names/index.ts';

export interface PacFileOptions {
	/** `http://host:port`, `https://host:port` or `socks5://host:port`, in the order they are to be tried. No credentials: everybody reads a PAC file. */
	readonly proxy: string | readonly string[];
	/** What does not go through it, as NO_PROXY has it; `noProxy` says the same of the same list. Default: nothing. */
	readonly direct?: string | readonly string[];
	/** What goes through it, in the same way; everything else is direct. Default: everything. */
	readonly hosts?: readonly string[];
	/** What is tried when no proxy can be reached. Default: nothing. */
	readonly fallback?: 'direct';
}

/** The text of such a file. Throws TypeError for what cannot be written. */
export function pacFile(options: PacFileOptions): string {
	checkNames('pacFile: ', options, ['proxy', 'direct', 'hosts', 'fallback']);
	const { proxy, direct = [], hosts, fallback } = options;
	if (fallback !== undefined && fallback !== 'direct')
		throw new TypeError(`pacFile: fallback: ${shown(fallback)} is not "direct"`);
	if (typeof proxy !== 'string' && !Array.isArray(proxy))
		throw new TypeError(`pacFile: proxy: not a URL nor a list of them: ${shown(proxy)}`);
	const steps = (typeof proxy === 'string' ? [proxy] : proxy).map(stepOf);
	if (steps.length === 0) throw new TypeError('pacFile: proxy: none is named');
	if (fallback !== undefined) steps.push('DIRECT');
	const data = {
		way: steps.join('; '),
		direct: entriesOf(typeof direct === 'string' ? direct.split(/[\s,]+/) : direct),
		only: hosts === undefined ? null : entriesOf(hosts),
	};
	return `// Made by Turnabout.\nvar data = ${json(data)};\n${CODE}`;
}

/** Answers with the file, for whoever asks. Without `proxy` it names the host and port that it was asked at. */
export function pacApp(options: Omit<PacFileOptions, 'proxy'> & Partial<Pick<PacFileOptions, 'proxy'>> = {}): App {
	const { proxy } = options;
	const ready = proxy === undefined ? null : pacFile({ ...options, proxy });
	if (ready === null) pacFile({ ...options, proxy: 'http://proxy.invalid:1' });
	return (given) => {
		const request = raw(given);
		cancelPayload(request.payload);
		const fields = {
			'Content-Type': 'application/x-ns-proxy-autoconfig',
			'Cache-Control': 'no-cache',
			'X-Content-Type-Options': 'nosniff',
		};
		return respond(200, fields, ready ?? pacFile({ ...options, proxy: askedAt(request.authority, request.scheme) }));
	};
}

function askedAt(authority: string, scheme: string): string {
	const asked = parseAuthority(authority);
	if (asked === null) throw new HttpError(400, { message: 'Host does not say where this proxy is.' });
	const host = isIPv6(asked.host) ? `[${asked.host}]` : asked.host;
	return `${scheme}://${host}:${asked.port ?? (scheme === 'https' ? 443 : 80)}`;
}

const WORDS = { http: 'PROXY', https: 'HTTPS', socks5: 'SOCKS5' } as const;

function stepOf(url: string): string {
	if (typeof url !== 'string') throw new TypeError(`pacFile: proxy: not a URL: ${shown(url)}`);
	if (url.includes('@')) throw new TypeError('pacFile: proxy: a PAC file holds no credentials: everybody reads it');
	const { protocol, origin } = parseParent(url);
	// Entries stand apart by `;`, and a URL's host may hold one.
	if (!/^[\w.:[\]-]+$/.test(origin.host)) throw new TypeError(`pacFile: proxy: not a host: ${shown(origin.host)}`);
	const host = origin.host.includes(':') ? `[${origin.host}]` : origin.host;
	return `${WORDS[protocol]} ${host}:${origin.port}`;
}

/** What the code below compares: `[kind, name, port, bits]`; port 0 is all of them. */
type Entry = readonly [kind: '*' | '4' | '6' | 'name' | 'below', name: string, port: number, bits: number];

function entriesOf(list: readonly string[]): Entry[] {
	const entries = list.filter((entry) => entry !== '' && entry !== '.');
	// Refuses what cannot be meant.
	hostList(entries, { below: true });
	return entries.map(entryOf);
}

function entryOf(text: string): Entry {
	if (text === '*') return ['*', '', 0, 0];
	const [, bracketed, plain, port = '0'] = /^(?:\[([^\]]*)\]|([^:]*))(?::(\d+))?$/.exec(text) ?? [
		text,
		text,
		undefined,
		'0',
	];
	const name = bracketed ?? plain ?? text;
	const [address = '', bits] = name.split('/');
	if (isIPv4(address)) return ['4', address, Number(port), bits === undefined ? 32 : Number(bits)];
	if (isIPv6(address)) return ['6', address, Number(port), bits === undefined ? 128 : Number(bits)];
	const bare = name.toLowerCase().replace(/\.$/, '');
	if (bare.startsWith('*.')) return ['below', bare.slice(2), Number(port), 0];
	return ['name', bare.replace(/^\./, ''), Number(port), 0];
}

/** Some engines are older than JSON: what they would take for the end of a line or of a page is escaped. */
function json(data: unknown): string {
	return JSON.stringify(data).replace(
		/[\u007f-\uffff<>&]/g,
		(mark) => `\\u${mark.charCodeAt(0).toString(16).padStart(4, '0')}`,
	);
}

/** ECMAScript 3, and no function that looks up a name. Addresses are compared bit by bit. */
const CODE = `
function bitsOf(host) {
	var i, j, out = '', groups, halves, fill, four = /^(\\d{1,3})\\.(\\d{1,3})\\.(\\d{1,3})\\.(\\d{1,3})$/.exec(host);
	function binary(value, width) {
		var text = value.toString(2);
		while (text.length < width) text = '0' + text;
		return text;
	}
	if (four) {
		for (i = 1; i < 5; i++) out += binary(parseInt(four[i], 10), 8);
		return { kind: '4', bits: out };
	}
	if (host.indexOf(':') < 0) return null;
	host = host.replace(/(\\d+)\\.(\\d+)\\.(\\d+)\\.(\\d+)$/, function (all, a, b, c, d) {
		return (a * 256 + +b).toString(16) + ':' + (c * 256 + +d).toString(16);
	});
	halves = host.split('::');
	groups = halves[0] ? halves[0].split(':') : [];
	if (halves.length > 1) {
		fill = halves[1] ? halves[1].split(':') : [];
		for (j = 8 - groups.length - fill.length; j > 0; j--) groups.push('0');
		groups = groups.concat(fill);
	}
	for (i = 0; i < groups.length; i++) out += binary(parseInt(groups[i], 16), 16);
	return { kind: '6', bits: out };
}

function isIn(list, host, port) {
	var i, entry, name, address = bitsOf(host);
	for (i = 0; i < list.length; i++) {
		entry = list[i];
		name = entry[1];
		if (entry[2] && entry[2] !== port) continue;
		if (entry[0] === '*') return true;
		if (address) {
			if (entry[0] === address.kind && bitsOf(name).bits.substring(0, entry[3]) === address.bits.substring(0, entry[3])) return true;
			continue;
		}
		if (entry[0] === 'name' && host === name) return true;
		if ((entry[0] === 'name' || entry[0] === 'below') && host.length > name.length + 1 && host.substring(host.length - name.length - 1) === '.' + name) return true;
	}
	return false;
}

function FindProxyForURL(url, host) {
	var port = /^[a-z]+:\\/\\/[^\\/?#]*:(\\d+)(?:[\\/?#]|$)/.exec(url);
	port = port ? parseInt(port[1], 10) : /^(http|ws):/.test(url) ? 80 : 443;
	host = host.toLowerCase().replace(/^\\[|\\]$/g, '').replace(/\\.$/, '');
	if (isIn(data.direct, host, port)) return 'DIRECT';
	if (data.only && !isIn(data.only, host, port)) return 'DIRECT';
	return data.way;
}
`;
