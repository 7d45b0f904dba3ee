/** Lists whose elements carry a weight (RFC 9110 section 12.4.2): Accept, Accept-Encoding, Accept-Language. */
import { listOf } from './list.ts';
import { parameter, parseParameterized } from './parameters.ts';

export interface Weighted {
	/** In lower case, without parameters. */
	readonly name: string;
	/** From 0, never, to 1. */
	readonly weight: number;
	/** The element as it stands. */
	readonly text: string;
}

/** The elements in order. A weight that cannot be read is 0: what is not understood is not wanted. */
export function weightedList(value: string): Weighted[] {
	return listOf(value).map((text) => {
		const parsed = parseParameterized(text);
		const weight = parsed === null ? 0 : Number(parameter(parsed.parameters, 'q') ?? '1');
		const name = (parsed?.value ?? text).toLowerCase();
		return { name, weight: weight >= 0 && weight <= 1 ? weight : 0, text };
	});
}
