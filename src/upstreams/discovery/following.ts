/** What discoveries that ask again and again have in common: how often, and that a list is told only when it is another. */
import { checkNames, checkObject, shown } from '../../names/index.ts';
import type { UpstreamSpec } from '../options.ts';

export interface Following {
	/** Milliseconds between two looks, at the least. Default: 1,000. */
	readonly least?: number;
	/** Milliseconds between two looks, at the most, whatever a name server says. Default: 60,000. */
	readonly most?: number;
}

/** One look: the list, and for how long it is good. */
export interface Look {
	readonly list: readonly UpstreamSpec[];
	readonly seconds: number;
}

/** Throws TypeError or RangeError with the option's name and the reason. */
export function checkedFollowing(where: string, options: Following, others: readonly string[]): Required<Following> {
	checkObject(where, options, '{ most: 30_000 }');
	checkNames(`${where}: `, options, ['least', 'most', ...others]);
	const { least = 1_000, most = 60_000 } = options;
	for (const [name, value] of Object.entries({ least, most }))
		if (typeof value !== 'number' || !(value >= 1))
			throw new RangeError(`${where}: ${name} must be a number of milliseconds from 1 up, not ${shown(value)}`);
	return { least, most };
}

/** List after list, each other than the one before. What `look` throws ends it. */
export async function* followed(
	{ least, most }: Required<Following>,
	look: () => Promise<Look>,
): AsyncGenerator<readonly UpstreamSpec[]> {
	let before = '';
	for (;;) {
		const { list, seconds } = await look();
		// The order of a name server's answers is no news.
		const now = JSON.stringify(list.map((one) => JSON.stringify(one)).toSorted());
		if (now !== before) yield list;
		before = now;
		await rested(Math.max(least, Math.min(most, seconds * 1_000)));
	}
}

/** Does not keep the process up. */
function rested(milliseconds: number): Promise<void> {
	return new Promise((resolve) => void setTimeout(resolve, milliseconds).unref());
}
