/** Where markup goes: text of a page, or a tree. Instructions and templates write here and know no more of it. */
import type { Attribute, Tree } from '../tree/index.ts';

export interface Output {
	/** Begins an element. */
	start(name: string, attributes: readonly Attribute[]): void;
	/** Sets an attribute of the element just begun; without effect when something has been written into it already. */
	attribute(name: string, value: string): void;
	/** Ends the element begun last. */
	end(): void;
	/** `raw`: written as it stands, without escaping. */
	text(text: string, raw: boolean): void;
	comment(text: string): void;
	instruction(target: string, text: string): void;
	/** A node and all below it; of a document its children. */
	copy(tree: Tree, node: number): void;
	/** Begins a copy of an element: as it stands in its source, or with these attributes instead. Ended by `end`. */
	open(tree: Tree, node: number, attributes: readonly Attribute[] | null): void;
}
