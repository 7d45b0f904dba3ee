export { faults } from './faults.ts';
export type { FaultsOptions } from './options.ts';
