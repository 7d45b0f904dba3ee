export type { DebugReport } from './debug-report.ts';
export { DebugRun } from './debug-run.ts';
export { Development, type DevelopmentOptions } from './development.ts';
