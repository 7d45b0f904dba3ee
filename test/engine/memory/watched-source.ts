import type { Sink, Source } from '../../../src/bytes/index.ts';

/** A source that notes what is done with it. */
export function watched(): Source & { readonly calls: string[]; sink: Sink | null } {
	const calls: string[] = [];
	return {
		length: null,
		calls,
		sink: null,
		start(sink) {
			calls.push('start');
			this.sink = sink;
		},
		resume: () => void calls.push('resume'),
		cancel: () => void calls.push('cancel'),
	};
}
