export { compileXPath, type XPathFunction, type XPathOptions } from './compile-xpath.ts';
export { type DecimalFormat, USUAL_FORMAT } from './decimal-format.ts';
export type { Declared, XPathContext } from './frame.ts';
export { inGroups } from './functions/index.ts';
export { compilePattern, Pattern } from './pattern.ts';
export type { Asked } from './settlement-of.ts';
export { stringValue, toBoolean, toNumber, toString, type XPathValue } from './value.ts';
export { XPath } from './xpath.ts';
export { XPathError, XPathSyntaxError } from './xpath-error.ts';
