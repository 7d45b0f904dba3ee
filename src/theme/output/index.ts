export { HtmlOutput } from './html-output.ts';
export type { Output } from './output.ts';
export { TreeOutput } from './tree-output.ts';
export { XhtmlOutput } from './xhtml-output.ts';
