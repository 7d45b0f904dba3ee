export {
	type End,
	LONGEST_PROXY_HEADER,
	type ProxiedEnds,
	type ProxyHeaderOutcome,
	readProxyHeader,
} from './read.ts';
export { type Ends, type ProxyHeaderVersion, proxyHeader } from './write.ts';
