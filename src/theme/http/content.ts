/** The content of a page: in memory already, or on its way. Either can still go out as it came. */
import { fileSource, latin1Bytes, WholeSource } from '../../bytes/index.ts';
import { isFileRange, type Payload } from '../../convention/index.ts';
import { Intake } from './intake.ts';

export interface Content {
	/** Text that an app gave as such, or bytes; null when `intake` reads them. */
	readonly whole: string | Uint8Array | null;
	readonly intake: Intake | null;
	/** What to send when the page passes through; also when `intake` was read, but not after its `commit`. */
	readonly original: Payload;
}

/** Takes a payload over: whoever has the content sends the original or cancels the intake, for which see `paced` there. */
export function contentOf(payload: Exclude<Payload, null>, limit: number, paced: boolean): Content {
	if (typeof payload === 'string' || payload instanceof Uint8Array) {
		return { whole: payload, intake: null, original: payload };
	}
	if (payload instanceof WholeSource) {
		const { trailers } = payload;
		const taken = payload.take();
		const whole = typeof taken === 'string' ? latin1Bytes(taken) : taken;
		return { whole, intake: null, original: new WholeSource(whole, trailers) };
	}
	const intake = new Intake(isFileRange(payload) ? fileSource(payload) : payload, limit, paced);
	return { whole: null, intake, original: intake };
}
