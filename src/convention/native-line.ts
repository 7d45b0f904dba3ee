/** What a native Request says of the line it came in on, as far as its URL keeps it: runtimes tidy paths as they like. */

const PARTS = /^(https?):\/\/(?:[^/?#]*@)?([^/?#]*)([^#]*)/;

export interface NativeLine {
	readonly target: string;
	readonly authority: string;
	readonly scheme: 'http' | 'https';
}

/** Target, authority and scheme of a native Request. */
export function nativeLine(request: Request): NativeLine {
	const { url } = request;
	const parts = PARTS.exec(url);
	// Without a Host, Bun's URL is the path alone.
	const rest = parts === null ? (url.startsWith('/') ? url : '/') : (parts[3] ?? '/');
	return {
		target: rest.startsWith('/') ? rest : `/${rest}`,
		authority: request.headers.get('host') ?? parts?.[2] ?? '',
		scheme: parts?.[1] === 'https' ? 'https' : 'http',
	};
}
