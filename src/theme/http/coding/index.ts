export { chosen, codingOf, decodable } from './accept-encoding.ts';
export { Coder, TooMuch } from './coder.ts';
export type { Coding } from './codings.ts';
export { decoded, encoded } from './whole-body.ts';
