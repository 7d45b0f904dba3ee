export { type Guard, guardFor } from './guard.ts';
export { HtmlWriter } from './html-writer.ts';
export { serializeHtml } from './serialize-html.ts';
export { serializeXhtml, type XhtmlOptions } from './xhtml-writer.ts';
