export { compileAttributeSet, declareAttributeSet, USE } from './attribute-sets.ts';
export { compileMarkup, compileOpen } from './compile-markup.ts';
export { compileDeclarations, DECLARATIONS } from './declarations.ts';
export { attributeOf, expressionText, tellSyntax, valueTemplate, xpathAt } from './expressions.ts';
export type { Instruction } from './instruction.ts';
export { SPACE, strippedSpace } from './space.ts';
export { valueFor } from './template-calls.ts';
export { templateParts } from './template-parts.ts';
export type { MarkupSetting, NamedTemplate } from './templates.ts';
