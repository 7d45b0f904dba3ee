/** How content is changed on its way out: which nodes by which edit. The plan makes the table, pages ask it. */
import type { Output } from '../output/index.ts';
import type { NodeRef, Tree } from '../tree/index.ts';
import type { EditedNodes } from './edited-nodes.ts';
import type { Frame } from './frame.ts';
import type { Page } from './page.ts';

/** The import precedences of the templates that another may hand its node on to: `from` to before `below`. */
export interface Imports {
	readonly from: number;
	readonly below: number;
}

/** Writes what takes the place of the frame's node. */
export interface Edit {
	run(frame: Frame, out: Output): void;
	/** What xsl:apply-imports in it means; edits that are no templates have none. */
	readonly imports?: Imports;
}

export interface EditTable {
	/** Whether no content is ever edited. */
	readonly empty: boolean;
	/** Whether any edit changes attributes; only then are they to be asked for. */
	readonly changesAttributes: boolean;
	/** The edited nodes of a tree, in a mode; the modes of user templates other than the usual one are their own. */
	of(page: Page, tree: Tree, mode: string | null): EditedNodes;
	/** The nodes that imported templates are for, in a mode. */
	imported(page: Page, tree: Tree, mode: string | null, imports: Imports): ReadonlyMap<NodeRef, Edit>;
}
