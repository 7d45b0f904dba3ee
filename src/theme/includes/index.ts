export type { Fetched, Fragment, FragmentFailure, FragmentWish, Missed, PageFetch } from './fragment.ts';
export type { AllowedPrefix, FragmentOptions } from './fragment-options.ts';
export type { Asked } from './fragment-request.ts';
export { type FragmentStatistics, Fragments } from './fragments.ts';
export { type OnError, standing } from './on-error.ts';
export { findReferences } from './parse-includes.ts';
export type { IncludeSyntax, IncludeTarget, IncludeWarning } from './part.ts';
export { type ResolveOptions, resolveIncludes } from './resolve.ts';
export { hasIncludes } from './scanner.ts';
