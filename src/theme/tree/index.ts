export { decodeAttribute, decodeText } from './decode.ts';
export type { Dialect } from './dialect.ts';
export * from './hazards.ts';
export { HtmlBuilder, type HtmlBuilderOptions, parseHtml } from './html-builder.ts';
export { KeyIndex, Watch } from './key-index.ts';
export { MarkupLimit } from './markup-limit.ts';
export {
	ATTRIBUTE,
	attributeAt,
	attributeRef,
	compareRefs,
	elementOf,
	isAttribute,
	type NodeRef,
	type NodeSet,
} from './node-set.ts';
export { bothSettled, type Settlement } from './settlement.ts';
export {
	type Attribute,
	COMMENT,
	DOCUMENT,
	ELEMENT,
	INSTRUCTION,
	NONE,
	type NodeKind,
	TEXT,
	Tree,
} from './tree.ts';
export { TreeMaker } from './tree-maker.ts';
