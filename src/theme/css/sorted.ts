/** Lists of nodes in document order. */

/** Where the first number greater than `node` stands. */
export function firstBehind(list: readonly number[], node: number): number {
	let low = 0;
	let high = list.length;
	while (low < high) {
		const middle = (low + high) >>> 1;
		if ((list[middle] as number) > node) high = middle;
		else low = middle + 1;
	}
	return low;
}
