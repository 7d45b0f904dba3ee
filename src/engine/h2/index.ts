export { alsoHttp2, type Http2EngineOptions, type Http2Limits, http2, http2Host, http2Limits } from './http2.ts';
