export { applyChildren, applyImports, applyTemplates, copyAttribute, openCopy, RAW } from './apply.ts';
export { Budget } from './budget.ts';
export { EditedNodes, NO_EDITS } from './edited-nodes.ts';
export type { Edit, EditTable, Imports } from './edits.ts';
export { Frame, type Scope } from './frame.ts';
export { type Facts, type Globals, normalizedPath, Page, type PageSetting, type Question } from './page.ts';
export { PageLimit } from './page-limit.ts';
