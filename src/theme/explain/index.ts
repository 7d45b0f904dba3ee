export { explainPage, type PageReport } from './explain-page.ts';
export { explainStreaming, type StreamingReport } from './explain-streaming.ts';
export type { RuleOutcome, RuleReport } from './rule-report.ts';
export { settlementText } from './settlement-text.ts';
export type { RuleStreaming, Wait } from './waits.ts';
export { type Where, whereText } from './where.ts';
