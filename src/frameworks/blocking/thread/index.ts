export { TooLargeError } from '../../../bytes/index.ts';
export { Abort, Disconnected, HttpError, UpstreamError } from '../../../convention/index.ts';
export { type BlockingCallable, type BlockingHandler, blocking } from './blocking.ts';
export type { BlockingBody } from './blocking-body.ts';
export type { BlockingRequest } from './blocking-request.ts';
export { type FetchedResponse, type FetchSyncInit, fetchSync } from './fetch-sync.ts';
export { type Reply, type ReplyBody, reply } from './reply.ts';
export { sleep } from './sleep.ts';
