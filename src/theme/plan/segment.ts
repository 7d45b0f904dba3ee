/**
 * What a theme is compiled to: ready-made text with holes in it. A page is written by walking the segments once; what a
 * segment waits for says how far the walk may go while the content is still coming in.
 */
import type { Guard, Spelling } from '../markup/index.ts';
import type { Frame } from '../page/index.ts';
import type { Attribute, Settlement, Tree } from '../tree/index.ts';
import type { Instruction } from '../xslt/index.ts';
import type { CompiledCondition } from './questions.ts';

/** Markup of the theme that no rule touches. */
export interface Literal {
	readonly kind: 'literal';
	readonly html: string;
	/** The same as a walk over the theme's tree, for output in XHTML. */
	readonly steps: readonly Step[];
}

/** `open` and `close` an element, or `copy` a node with all below it. */
export interface Step {
	readonly what: 'open' | 'close' | 'copy';
	readonly tree: Tree;
	readonly node: number;
	/** In place of those in the tree. */
	readonly attributes: readonly Attribute[] | null;
	/** copy: in place of the text in the tree. */
	readonly text: string | null;
}

/** A start tag whose attributes depend on the content. */
export interface Tag {
	readonly kind: 'tag';
	readonly name: string;
	readonly settlement: Settlement;
	/** What the rules make of the theme's attributes. */
	attributes(frame: Frame): readonly Attribute[];
	/** Which edits of the content must be certain before: any, those of attributes, or none. */
	readonly edits: 'all' | 'attributes' | 'none';
	/** As it stands in the theme, for where nothing changes. */
	readonly html: string;
	readonly unchanged: readonly Attribute[];
	/** How it is written with other attributes, and with what at its end. */
	readonly spelling: Spelling;
	readonly mark: '>' | '/>';
	/** Which rules look at it, by their number in the plan. */
	readonly rules: readonly number[];
}

/** What a rule brings in. */
export interface Hole {
	readonly kind: 'hole';
	readonly settlement: Settlement;
	/** What is open around it. */
	readonly guard: Guard;
	readonly fill: Instruction;
	/** The number of the rule in the plan; NONE for what stands in the theme itself. */
	readonly rule: number;
}

/** The first case that holds; otherwise the rest. */
export interface Branch {
	readonly kind: 'branch';
	readonly settlement: Settlement;
	readonly cases: readonly {
		readonly condition: CompiledCondition;
		readonly rule: number;
		readonly segments: readonly Segment[];
	}[];
	readonly otherwise: readonly Segment[];
}

export type Segment = Literal | Tag | Hole | Branch;
