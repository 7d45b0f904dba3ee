export { type Diagnostic, Diagnostics, oneLine, ThemeError } from './diagnostic.ts';
export { didYouMean } from './did-you-mean.ts';
export { formatDiagnostics } from './format.ts';
export { codeFrame } from './frame.ts';
export { type LineColumn, lineColumn, type Place, placeName, type SourceFile } from './place.ts';
