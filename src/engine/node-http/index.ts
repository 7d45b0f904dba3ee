export { nodeHttp } from './node-http.ts';
