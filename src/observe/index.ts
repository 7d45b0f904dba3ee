export { CalledLog } from './called-log.ts';
export { checkFile } from './check-file.ts';
export { asciiJson, quotedText } from './json-text.ts';
export { type LineLog, type LineLogStatistics, lineLog } from './line-log.ts';
export { toldSafely } from './told-safely.ts';
