export type { AttributeEdit, ContentEdit } from './content-edit.ts';
export { type PageEnd, PageRun } from './page-run.ts';
export { compilePlan, type Plan, type PlanOptions, type Reader } from './plan.ts';
export type { CompiledCondition } from './questions.ts';
export type { Segment } from './segment.ts';
export { compileSelector, selected } from './selector.ts';
export type { CompiledTheme } from './theme-choice.ts';
export type { CompiledRule, NodeRules } from './theme-rules.ts';
export { HtmlWalk, type Watcher } from './walk.ts';
