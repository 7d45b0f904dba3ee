export { compileMarkup, compileOpen } from './compile-markup.ts';
export { attributeOf, expressionText, tellSyntax, valueTemplate, xpathAt } from './expressions.ts';
export type { Instruction } from './instruction.ts';
export type { MarkupSetting, NamedTemplate } from './templates.ts';
export { valueFor } from './xsl-instructions.ts';
