export { CONDITIONS, isForOrigin, isNotModified, rangeApplies } from './conditional.ts';
export { cacheDate } from './date.ts';
export { type Directives, parseDirectives, parseTargeted } from './directives.ts';
export { freshened, isAbout } from './freshen.ts';
export { type Freshness, type FreshnessOptions, freshnessOf, type Received, type Said, saidIn } from './freshness.ts';
export { type Asked, refusalOf, type StorableOptions, uselessness } from './storable.ts';
export { type Selecting, selectingOf, selects, varyNames } from './vary.ts';
