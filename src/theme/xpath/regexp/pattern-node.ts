/** What a regular expression is made of, once it has been read. */

export type Assertion = '^' | '$' | 'b' | 'B';

export type PatternNode =
	| { readonly type: 'character'; readonly source: string }
	| { readonly type: 'assertion'; readonly assertion: Assertion }
	| { readonly type: 'sequence'; readonly of: readonly PatternNode[] }
	| { readonly type: 'either'; readonly of: readonly PatternNode[] }
	| { readonly type: 'group'; readonly number: number; readonly of: PatternNode }
	| Repeat;

export interface Repeat {
	readonly type: 'repeat';
	readonly of: PatternNode;
	readonly min: number;
	/** Infinity for no end. */
	readonly max: number;
	readonly lazy: boolean;
	/** The groups inside, from the first to before the second: each turn begins without what they had. */
	readonly groups: readonly [number, number];
}

/** Whether it may match nothing at all. */
export function canBeEmpty(node: PatternNode): boolean {
	switch (node.type) {
		case 'character':
			return false;
		case 'assertion':
			return true;
		case 'sequence':
			return node.of.every(canBeEmpty);
		case 'either':
			return node.of.some(canBeEmpty);
		case 'group':
			return canBeEmpty(node.of);
		default:
			return node.min === 0 || canBeEmpty(node.of);
	}
}
