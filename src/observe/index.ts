export { type LineLog, type LineLogStatistics, lineLog } from './line-log.ts';
