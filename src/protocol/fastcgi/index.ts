export { parseCgiHead } from './cgi-head.ts';
export { FastCgiConnection } from './connection.ts';
export type { CgiHead, FastCgiEvents } from './events.ts';
export { type FastCgiLimits, fastCgiLimits } from './limits.ts';
export { type PreparedName, pair, pairOf, parsePairs, preparedName } from './pairs.ts';
export { MOST_CONTENT, types } from './record-types.ts';
export { type Violation, type ViolationCode, violations } from './violations.ts';
export { ABORT, recordHead, requestRecords, STDIN_END, streamRecords } from './write-records.ts';
