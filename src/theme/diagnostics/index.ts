export { type Diagnostic, Diagnostics, oneLine, ThemeError } from './diagnostic.ts';
export { formatDiagnostics } from './format.ts';
export { codeFrame } from './frame.ts';
export { didYouMean, nearest } from './nearest.ts';
export { type LineColumn, lineColumn, type Place, placeName, type SourceFile } from './place.ts';
