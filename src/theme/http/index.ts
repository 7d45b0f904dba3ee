export { type FailureText, failureText } from './failure-text.ts';
export { ignoredExtensions } from './ignored-extensions.ts';
export type { HttpThemeOptions, Parameters, ThemeLogEntry } from './options.ts';
export { themed } from './themed.ts';
export { type Links, limitOf, type Page, type PageFacts, type PageResult, type Themer } from './themer.ts';
