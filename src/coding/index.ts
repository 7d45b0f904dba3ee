export { chosen, codingOf, decodable, preferred } from './accept-encoding.ts';
export { type CodedOptions, codedSource } from './coded-source.ts';
export { Coder, TooMuch } from './coder.ts';
export { type Coding, codings, named, rowOf } from './codings.ts';
export { decoded, encoded, encodedNow } from './whole-body.ts';
