export { type FastCgi, fastcgi } from './fastcgi.ts';
export {
	type FastCgiEnv,
	type FastCgiLogEntry,
	type FastCgiOptions,
	type FastCgiPoolLimits,
	type FastCgiTimeouts,
	fastCgiPool,
	fastCgiTimeouts,
	type UnknownLength,
} from './options.ts';
