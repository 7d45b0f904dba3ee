export { define, type FunctionDefinition, type Scope } from './definition.ts';
export { inGroups } from './format-number.ts';
export { FunctionNames } from './function-names.ts';
