export { type Decompress, decompress } from './decompress.ts';
export type { DecompressOptions } from './options.ts';
