export { LiveTheme, type LiveThemeOptions } from './live-theme.ts';
