export { MemoryStore } from './memory-store.ts';
export type { Store, StoreStatistics } from './store.ts';
