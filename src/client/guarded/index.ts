export type { UndiciCallback, UndiciConnector, UndiciTarget } from './connector.ts';
export { type Guard, type GuardOptions, guard } from './guarded.ts';
