/** The keys that middleware shares; each piece of middleware is a folder with a front of its own. */

export { auth } from './auth.ts';
export {
	type Client,
	client,
	deadline,
	type Identity,
	identity,
	requestId as requestIdKey,
	type Session,
	session,
} from './keys.ts';
export type { RedisClient } from './redis-client.ts';
