/** Where an upstream is: `http://host[:port]`, `https://host[:port]` or `unix:/path/to/socket`. */

export interface Origin {
	/** As given, without a path: for messages. */
	readonly name: string;
	readonly secure: boolean;
	/** For Host: without the scheme's own port. `localhost` for a unix socket. */
	readonly authority: string;
	/** Name or address to dial, without brackets. */
	readonly host: string;
	readonly port: number;
	/** The unix socket, or null. */
	readonly socketPath: string | null;
	/** What the URL has behind the authority, without a final slash: a prefix for targets. Empty for a unix socket. */
	readonly path: string;
}

/** Throws TypeError with a hint for anything else. */
export function parseOrigin(to: string | URL): Origin {
	const text = String(to);
	if (text.startsWith('unix:')) return unixOrigin(text);
	let url: URL;
	try {
		url = new URL(text);
	} catch {
		throw new TypeError(
			`Not an upstream URL: ${JSON.stringify(text)}. Write http://host:port, https://host:port or unix:/path.`,
		);
	}
	if (url.protocol !== 'http:' && url.protocol !== 'https:') {
		const hint = /^[\w.-]+:\d+/.test(text) ? ` Did you mean http://${text}?` : '';
		throw new TypeError(`An upstream is reached by http:, https: or unix:, not by ${url.protocol}${hint}`);
	}
	if (url.username !== '' || url.password !== '') throw new TypeError('An upstream URL cannot hold credentials.');
	if (url.search !== '' || url.hash !== '')
		throw new TypeError('An upstream URL ends with its path: no query, no fragment.');
	const secure = url.protocol === 'https:';
	return {
		name: url.origin,
		secure,
		authority: url.host,
		host: url.hostname.replace(/^\[|\]$/g, ''),
		port: url.port === '' ? (secure ? 443 : 80) : Number(url.port),
		socketPath: null,
		path: url.pathname.replace(/\/$/, ''),
	};
}

function unixOrigin(text: string): Origin {
	const socketPath = text.slice('unix:'.length).replace(/^\/\/(?=\/)/, '');
	if (!socketPath.startsWith('/'))
		throw new TypeError(`Not a unix socket: ${JSON.stringify(text)}. Write unix:/path/to/socket.`);
	return { name: `unix:${socketPath}`, secure: false, authority: 'localhost', host: '', port: 0, socketPath, path: '' };
}
