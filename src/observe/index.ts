export { CalledLog } from './called-log.ts';
export { checkFile } from './check-file.ts';
export { asciiJson, quotedText } from './json-text.ts';
export { type LineLog, type LineLogStatistics, lineLog } from './line-log.ts';
export { type AnyMeasure, type Distribution, exposition, type Measure, type Measured, summed } from './measures.ts';
export { ProcessMeasures } from './process-measures.ts';
export { RequestMeter } from './request-meter.ts';
export { toldSafely } from './told-safely.ts';
