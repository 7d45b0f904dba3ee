export { checkNames, choices } from './check-names.ts';
export { nearest } from './nearest.ts';
export { shown } from './shown.ts';
