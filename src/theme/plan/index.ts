export { type PageEnd, PageRun } from './page-run.ts';
export { compilePlan, type Plan, type PlanOptions, type Reader } from './plan.ts';
export type { CompiledTheme } from './theme-choice.ts';
export type { CompiledRule } from './theme-rules.ts';
export type { Watcher } from './walk.ts';
