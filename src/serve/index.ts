export { AddressError, DEFAULT_ADDRESS, formatPlace, type Place, parseAddress } from './address.ts';
export { type AdminOptions, type AdminSetting, adminFaults, type ProcessStatus, type Snapshot } from './admin/index.ts';
export { checkComposition } from './check-composition.ts';
export { type Checked, checkServable } from './check-servable.ts';
export {
	type Config,
	DEFAULT_DRAIN,
	defineConfig,
	type ListenObject,
	type ListenSetting,
	type Servable,
	type ServeOptions,
} from './define-config.ts';
export { ENGINES, type EngineName, isEngineName, speaksSocks } from './engine-by-name.ts';
export { loadApp } from './load-app.ts';
export { CONFIG_FILES } from './load-config.ts';
export { type Loaded, loadServable } from './load-servable.ts';
export { standardError } from './log-line.ts';
export type { Resource } from './resources.ts';
export { type Plan, run } from './run.ts';
export { runConfig } from './run-config.ts';
export { type Running, type RunningStatistics, serve } from './serve.ts';
export { isStartError, messageOf, StartError } from './start-error.ts';
export { isWorker } from './worker-messages.ts';
