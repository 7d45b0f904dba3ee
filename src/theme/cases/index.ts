export { difference } from './compare.ts';
export { type CaseOptions, type CaseOutcome, runCase } from './run-case.ts';
