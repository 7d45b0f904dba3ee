/** Re-theming: `import { theme } from 'turnabout/theme'`. What is not listed here may change from one release to the next. */
export { type Diagnostic, formatDiagnostics, lineColumn, type Place, ThemeError } from './diagnostics/index.ts';
export { ThemeFileError } from './files/index.ts';
export type { FailureText, HttpThemeOptions, ThemeLogEntry } from './http/index.ts';
export type { AllowedPrefix, FragmentOptions } from './includes/index.ts';
export type { PlanOptions } from './plan/index.ts';
export type { ContentEdit, EditableElement, LinkMap, LinkPlace, RulesInput } from './rules/index.ts';
export { type Theme, type ThemeOptions, theme } from './theme.ts';
