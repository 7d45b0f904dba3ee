export { http2Route } from './route.ts';
