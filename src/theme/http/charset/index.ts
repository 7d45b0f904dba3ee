export { RefusedCharset } from './declared.ts';
export { PageDecoder } from './page-decoder.ts';
