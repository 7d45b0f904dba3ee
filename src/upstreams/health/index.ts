export { HealthChecker, type HealthReceiver } from './checker.ts';
export { checkHealth, HEALTH_PATH, type HealthOptions, type HealthSettings, healthSettings } from './options.ts';
