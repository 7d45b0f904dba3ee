/**
 * Throws TypeError for options that are none, with an example of what is needed. What was given is not shown: who mistakes
 * the place of an option may have given a secret.
 */
export function checkObject(where: string, options: unknown, such: string): asserts options is object {
	if (typeof options === 'object' && options !== null && !Array.isArray(options)) return;
	const given = options === null ? 'null' : Array.isArray(options) ? 'a list' : typeof options;
	throw new TypeError(`${where}: the options are no object such as ${such}, but ${given}`);
}
