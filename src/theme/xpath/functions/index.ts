export { define, type FunctionDefinition, type Scope } from './definition.ts';
export { FunctionNames } from './function-names.ts';
