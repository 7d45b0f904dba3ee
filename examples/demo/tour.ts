/** What the demo prints: what to open in a browser, and what to try with curl. */

interface Step {
	readonly shows: string;
	/** `URL` stands for the address of the front. */
	readonly command: string;
}

const webSocket =
	"-H 'Connection: Upgrade' -H 'Upgrade: websocket' -H 'Sec-WebSocket-Version: 13' -H 'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ=='";

const steps: readonly Step[] = [
	{
		shows: 'the request as it reaches the old site: Via, Forwarded and no hop-by-hop field',
		command: "curl -s -H 'Connection: X-Secret' -H 'X-Secret: for the next hop only' URL/cgi-bin/printenv",
	},
	{ shows: '103 Early Hints relayed before the page', command: 'curl -si URL/ | head -20' },
	{ shows: 'a trailer field behind the body', command: 'curl -si URL/berths.csv' },
	{
		shows: 'a path nobody tidies up on the way',
		command: 'curl -s --path-as-is URL/cgi-bin/../cgi-bin//x%2Fy | grep "no page"',
	},
	{ shows: "a redirect that named the old site's own address", command: 'curl -si URL/regatta2008.html' },
	{ shows: 'server-sent events, one by one', command: 'curl -sN -m 3 URL/cgi-bin/visitors' },
	{ shows: 'a WebSocket tunnelled', command: `curl -siN -m 3 ${webSocket} URL/guestbook/live` },
	{ shows: "a WebSocket refused, in the old site's own words", command: `curl -si ${webSocket} URL/members/radio` },
	{
		shows: 'Max-Forwards honoured: the gateway itself answers',
		command: "curl -si -X OPTIONS -H 'Max-Forwards: 0' URL/",
	},
	{ shows: 'the modern app, and what it knows', command: 'curl -s URL/new/api/context' },
];

export function tour(url: string): string {
	const lines = steps.map(({ shows, command }) => `  # ${shows}\n  ${command.replaceAll('URL', url)}\n`);
	return `
Open in a browser:

  ${url}/                a sailing club's site of 2009, through Turnabout
  ${url}/contact.html    a form         ${url}/members/        a login (captain, ahoy)
  ${url}/guestbook.html  a WebSocket    ${url}/visitors.html   server-sent events
  ${url}/new/            the new boat booking, another program at the same address

Try in another terminal:

${lines.join('\n')}
Ctrl-C stops everything. Below is the access log.
`;
}
