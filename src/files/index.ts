/** Static files as an app. */
export { files } from './files.ts';
export type { FilesOptions, Precompressed } from './options.ts';
