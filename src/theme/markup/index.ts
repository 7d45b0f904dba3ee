export { fit, MARK_LENGTH } from './fit.ts';
export { type Spelling, spellingOf } from './foreign-names.ts';
export { type Guard, guardFor } from './guard.ts';
export { HtmlWriter } from './html-writer.ts';
export { type ContentPlace, type Place, PlaceFinder } from './place.ts';
export { serializeHtml } from './serialize-html.ts';
export { type XhtmlOptions, XhtmlWriter } from './xhtml-writer.ts';
