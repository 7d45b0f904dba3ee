export { checkNames, choices } from './check-names.ts';
export { checkObject } from './check-object.ts';
export { nearest } from './nearest.ts';
export { shown } from './shown.ts';
