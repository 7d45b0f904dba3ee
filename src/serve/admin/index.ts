export { type AdminOptions, type AdminSetting, adminFaults, adminOptions } from './options.ts';
export { listenerMeasures, type PartStatus, type ProcessStatus, type Snapshot, together } from './snapshot.ts';
export { withAdmin } from './start-admin.ts';
