export { type AccessLog, type AccessLogOptions, accessLog } from './access-log.ts';
