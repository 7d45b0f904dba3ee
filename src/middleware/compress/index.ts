export { type Compress, type CompressStatistics, compress } from './compress.ts';
export type { CompressOptions, ContentCoding } from './options.ts';
