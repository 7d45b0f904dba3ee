export { applyChildren, applyTemplates, copyAttribute, openCopy, RAW } from './apply.ts';
export { EditedNodes, NO_EDITS } from './edited-nodes.ts';
export type { Edit, EditTable } from './edits.ts';
export { Frame, type Scope } from './frame.ts';
export { type Facts, type Globals, normalizedPath, Page, PageLimit, type PageSetting, type Question } from './page.ts';
