export { socks } from './socks.ts';
