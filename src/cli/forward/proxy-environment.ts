/** The variables by which programs learn of a proxy. Nobody has specified them; these are the spellings in use. */

/** The environment of a program that shall go through `proxy`; NO_PROXY stays as it was. */
export function proxyEnvironment(environment: NodeJS.ProcessEnv, proxy: string): NodeJS.ProcessEnv {
	const own: NodeJS.ProcessEnv = { ...environment };
	for (const name of ['HTTP_PROXY', 'HTTPS_PROXY', 'ALL_PROXY']) {
		own[name] = proxy;
		own[name.toLowerCase()] = proxy;
	}
	// Node's own fetch and agents look at the variables only when they are told to.
	own['NODE_USE_ENV_PROXY'] = '1';
	return own;
}
