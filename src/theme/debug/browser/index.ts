export { BROKEN_OVERLAY } from './broken-overlay.ts';
export { CORE } from './core.ts';
export { DEBUG_PANEL } from './debug-panel.ts';
export { DEBUG_REGIONS } from './debug-regions.ts';
export { RELOAD } from './reload.ts';
export { STYLE } from './style.ts';
