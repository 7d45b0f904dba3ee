/**
 * The pseudonym of this process in Via and Proxy-Status (RFC 9110 section 7.6.3). It must differ between two proxies
 * that stand behind one another, or the second would take the first one's requests for a loop; so it is drawn by lot.
 * Workers of one server are one proxy: they inherit the name.
 */

const VARIABLE = 'TURNABOUT_NAME';

export const processName: string = (() => {
	const { env } = globalThis.process ?? { env: {} };
	const name =
		env[VARIABLE] ??
		`turnabout-${Math.floor(Math.random() * 36 ** 6)
			.toString(36)
			.padStart(6, '0')}`;
	env[VARIABLE] = name;
	return name;
})();

const NAME = /^[!#$%&'*+\-.^_`|~0-9A-Za-z:[\]]+$/;

/** A name that Via can hold: a token, or a host with or without its port. Throws TypeError for any other. */
export function checkedName(name: string): string {
	if (!NAME.test(name))
		throw new TypeError(`Not a name for Via: ${JSON.stringify(name)}. Write a word without spaces, or host:port.`);
	return name;
}
