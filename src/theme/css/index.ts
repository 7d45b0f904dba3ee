export { type Css, compileCss } from './css.ts';
export { CssSyntaxError } from './css-syntax-error.ts';
export { cssToXPath } from './to-xpath.ts';
