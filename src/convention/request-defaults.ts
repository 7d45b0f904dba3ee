/**
 * What fetch's Request says of itself when nobody asked for anything special. A server's request has no use for these
 * members, but `new Request(url, request)` reads them all.
 */
export const requestDefaults: Readonly<Record<string, string | boolean>> = {
	cache: 'default',
	credentials: 'same-origin',
	destination: '',
	// A stream as body is sent while the response may already come back.
	duplex: 'half',
	integrity: '',
	isHistoryNavigation: false,
	isReloadNavigation: false,
	keepalive: false,
	mode: 'cors',
	redirect: 'follow',
	referrer: 'about:client',
	referrerPolicy: '',
};
