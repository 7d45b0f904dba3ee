export { type Include, readInclude, type Source } from './include.ts';
export { type LoadOptions, loadRules } from './load.ts';
export type * from './model.ts';
export { isHtml } from './namespaces.ts';
export type { EditFinder } from './reading.ts';
export type {
	Actions,
	AttrsInput,
	LinksInput,
	ReferenceInput,
	RuleInput,
	RulesInput,
	SelectorInput,
	ThemeInput,
	WhenInput,
	WhenTests,
} from './rules-input.ts';
export { sourceTree } from './source-tree.ts';
export { convertToYaml } from './to-yaml.ts';
