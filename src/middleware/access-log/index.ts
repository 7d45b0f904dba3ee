export { type AccessLog, accessLog } from './access-log.ts';
export { type AccessLogFormat, type AccessLogger, type AccessLogOptions, accessLogSettings } from './options.ts';
