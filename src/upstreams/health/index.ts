export { HealthChecker, type HealthReceiver } from './checker.ts';
export { checkHealth, type HealthOptions, type HealthSettings, healthSettings } from './options.ts';
