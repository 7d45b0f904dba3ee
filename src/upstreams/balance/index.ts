export { Hashed, type HashKey } from './hashed.ts';
export { LeastActive } from './least-active.ts';
export { Maglev } from './maglev.ts';
export type { Candidate, Policy } from './policy.ts';
export { RoundRobin } from './round-robin.ts';
export { textHash } from './text-hash.ts';
export { byActive, byLatency, TwoChoices } from './two-choices.ts';
