export { type FastCgi, fastcgi } from './fastcgi.ts';
export {
	type FastCgiEnv,
	type FastCgiLogEntry,
	type FastCgiOptions,
	type FastCgiPoolLimits,
	type FastCgiRequestBody,
	type FastCgiTimeouts,
	fastCgiPool,
	fastCgiTimeouts,
} from './options.ts';
