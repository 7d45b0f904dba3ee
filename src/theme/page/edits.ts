/** How content is changed on its way out: which nodes by which edit. The plan makes the table, pages ask it. */
import type { Output } from '../output/index.ts';
import type { Tree } from '../tree/index.ts';
import type { EditedNodes } from './edited-nodes.ts';
import type { Frame } from './frame.ts';
import type { Page } from './page.ts';

/** Writes what takes the place of the frame's node. */
export interface Edit {
	run(frame: Frame, out: Output): void;
}

export interface EditTable {
	/** Whether no content is ever edited. */
	readonly empty: boolean;
	/** Whether any edit changes attributes; only then are they to be asked for. */
	readonly changesAttributes: boolean;
	/** The edited nodes of a tree, in a mode; the modes of user templates other than the usual one are their own. */
	of(page: Page, tree: Tree, mode: string | null): EditedNodes;
}
