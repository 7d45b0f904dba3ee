export { type Destination, destination } from './destination.ts';
export type { Intercepted, Interceptor } from './interceptor.ts';
