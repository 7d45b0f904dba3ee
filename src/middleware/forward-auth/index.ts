export { type ForwardAuth, forwardAuth } from './forward-auth.ts';
export type { ForwardAuthOptions } from './options.ts';
