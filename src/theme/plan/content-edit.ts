/** What an edit of content is, once compiled: the nodes it is about, when it is in force, and what it writes. */
import type { Edit, Frame } from '../page/index.ts';
import type { Attribute, Settlement } from '../tree/index.ts';
import type { NodePattern } from './node-pattern.ts';
import type { CompiledCondition } from './questions.ts';

/** Nodes that a pattern finds, and how they are written while a condition holds. */
export interface ContentEdit {
	readonly pattern: NodePattern;
	readonly condition: CompiledCondition;
	/** Import precedence, XSLT priority, then category, then the order of the rules: of two for one node the greater wins. */
	readonly rank: readonly [precedence: number, priority: number, category: number, order: number];
	readonly mode: string | null;
	/** How much must have been read before it can be carried out, its condition apart. */
	readonly reads: Settlement;
	/** The rules it was made from, by number. */
	readonly rules: readonly number[];
	readonly edit: Edit;
}

/** A change of the attributes of every node that a pattern finds. */
export interface AttributeEdit {
	readonly pattern: NodePattern;
	readonly condition: CompiledCondition;
	readonly rule: number;
	change(attributes: Attribute[], frame: Frame): void;
}

/** Of two edits of one priority for one node, that of the later category wins (THEME 1.3). */
export const CATEGORIES = { drop: 0, strip: 1, around: 2, children: 3, template: 4 } as const;

/** A condition is a predicate, and a pattern with a predicate has priority 0.5 (XSLT 1.0 section 5.5). */
export const priorityOf = (pattern: NodePattern, condition: CompiledCondition): number =>
	condition.always ? pattern.priority : 0.5;
