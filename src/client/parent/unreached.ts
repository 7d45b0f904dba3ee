/** Failures of the parent itself, before it was asked for anything: another way may be tried. */
import { UpstreamError } from '../../convention/index.ts';

const unreached = new WeakSet<UpstreamError>();

/** Says so of an error, and gives it back. A refusal by the guard is no failure of the parent. */
export function noteUnreached(error: UpstreamError): UpstreamError {
	if (error.type !== 'destination_ip_prohibited') unreached.add(error);
	return error;
}

/** Whether a request has failed because its parent could not be reached: the origin has heard nothing of it. */
export function isParentUnreached(error: unknown): boolean {
	return error instanceof UpstreamError && unreached.has(error);
}
