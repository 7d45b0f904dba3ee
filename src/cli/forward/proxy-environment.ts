/** The variables by which programs learn of a proxy. Nobody has specified them; these are the spellings in use. */

/**
 * The environment of a program that shall go through `proxy`, but for hosts of `direct`. What NO_PROXY said before was said
 * of another proxy; it is not kept.
 */
export function proxyEnvironment(
	environment: NodeJS.ProcessEnv,
	proxy: string,
	direct: readonly string[] = [],
): NodeJS.ProcessEnv {
	const own: NodeJS.ProcessEnv = { ...environment };
	const variables = { HTTP_PROXY: proxy, HTTPS_PROXY: proxy, ALL_PROXY: proxy, NO_PROXY: direct.join(',') };
	for (const [name, value] of Object.entries(variables)) {
		own[name] = value;
		own[name.toLowerCase()] = value;
	}
	// Node's own fetch and agents look at the variables only when they are told to.
	own['NODE_USE_ENV_PROXY'] = '1';
	// Ours is for our workers. A proxy that the program starts is another one, and what comes from it is no loop.
	delete own['TURNABOUT_NAME'];
	return own;
}
