/** The markup compiler's circumstances: who is told of mistakes, and what instructions refer to by name. */
import type { Diagnostics } from '../diagnostics/index.ts';
import type { Markup, MarkupElement } from '../rules/index.ts';
import type { Instruction } from './instruction.ts';
import type { Alias } from './namespace-alias.ts';

/** A template that is called by name; compiled after all names are known. */
export interface NamedTemplate {
	run: Instruction;
}

export type CompileBody = (markup: readonly Markup[], setting: MarkupSetting) => Instruction;

export interface MarkupSetting {
	readonly diagnostics: Diagnostics;
	/** Templates by their names, and attribute sets. */
	readonly named: Map<string, NamedTemplate>;
	/** What xsl:namespace-alias says, by the namespace in rules. */
	readonly aliases: Map<string, Alias>;
	/** The namespace of the literal element around, `html` by default. */
	readonly around?: string;
	/** Whether a template is around, and no loop in between: where xsl:apply-imports has a meaning. */
	readonly inTemplate?: boolean;
	/** Compiles Diazo's `include`. */
	include(element: MarkupElement): Instruction;
	/** Told what `xsl:message` says. */
	message(text: string): void;
}
