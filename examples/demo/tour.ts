/** What the demo prints: what to open in a browser, what to edit, and what to try with curl. */

interface Step {
	readonly shows: string;
	/** `URL` stands for the address of the front, `PROXY` for that of the forward proxy, `PID` for the process of the demo. */
	readonly command: string;
}

const webSocket =
	"-H 'Connection: Upgrade' -H 'Upgrade: websocket' -H 'Sec-WebSocket-Version: 13' -H 'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ=='";

const theming: readonly Step[] = [
	{ shows: 'a page in its theme, and as it is behind it', command: "curl -s URL/news/; curl -s 'URL/news/?theme=off'" },
	{
		shows: 'what the old site sends in ISO-8859-1 is UTF-8, compressed as before',
		command: 'curl -sI --compressed URL/',
	},
	{ shows: 'stop the old site, and look at a page; once more starts it', command: 'kill -USR2 PID' },
];

const proxying: readonly Step[] = [
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

const goingOut: readonly Step[] = [
	{ shows: 'the forward proxy, to the front of this demo', command: 'curl -s -x PROXY URL/new/api/context' },
	{
		shows: 'by SOCKS on the same port, names looked up by the proxy',
		command: 'curl -sI -x SOCKS https://example.org/',
	},
	{
		shows: 'addresses that are not public are closed, and the page says so',
		command: 'curl -s -x PROXY http://169.254.169.254/',
	},
];

/** The addresses that the tour leads to. */
export interface Places {
	/** The front. */
	readonly url: string;
	/** The forward proxy. */
	readonly proxy: string;
	/** The old site itself. */
	readonly legacy: string;
	/** This process. */
	readonly pid: number;
}

export function tour({ url, proxy, legacy, pid }: Places): string {
	const words: Readonly<Record<string, string>> = {
		URL: url,
		PROXY: proxy,
		SOCKS: proxy.replace('http:', 'socks5h:'),
		PID: String(pid),
	};
	const filled = (command: string): string =>
		command.replace(/\b(?:URL|PROXY|SOCKS|PID)\b/g, (word) => words[word] ?? word);
	const list = (steps: readonly Step[]): string =>
		steps.map(({ shows, command }) => `  # ${shows}\n  ${filled(command)}\n`).join('\n');
	return `
Open in a browser:

  ${url}/                a sailing club's site of 2009, in a theme of today
  ${legacy}/                the same site as it is, without Turnabout
  ${url}/?theme=off      as it is, through Turnabout         ${url}/?theme=debug    what each rule did
  ${url}/contact.html    a form         ${url}/members/        a login (captain, ahoy)
  ${url}/guestbook.html  a WebSocket    ${url}/visitors.html   server-sent events
  ${url}/new/            the new boat booking, another program in the same theme

Edit while it runs:

  examples/demo/theme/theme.html   the theme: change a colour, save, and look
  examples/demo/theme/rules.yaml   which part of a page goes where; a mistake is shown here, and the page stays

Try in another terminal:

${list(theming)}
${list(proxying)}
${list(goingOut)}
Ctrl-C stops everything. Below is the access log.
`;
}
