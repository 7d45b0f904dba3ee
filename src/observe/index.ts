export { type LineLog, lineLog } from './line-log.ts';
