export { ask, exchange } from './ask.ts';
export { type MemoryEngine, type MemoryListener, memory } from './memory.ts';
export { MemoryAnswer } from './memory-answer.ts';
export { type Informational, MemoryContext } from './memory-context.ts';
export { MemoryExchange } from './memory-exchange.ts';
export type { MemoryBody, MemoryMessage, MemoryRequest } from './memory-request.ts';
