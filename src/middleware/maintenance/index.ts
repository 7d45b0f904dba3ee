export { type Maintenance, maintenance } from './maintenance.ts';
export type { MaintenanceOptions } from './options.ts';
