export { type ClientHello, readClientHello } from './client-hello.ts';
export { type HelloOutcome, HelloReader, LONGEST_HELLO } from './hello-reader.ts';
