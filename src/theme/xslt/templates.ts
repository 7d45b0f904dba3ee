/** The markup compiler's circumstances: who is told of mistakes, and what instructions refer to by name. */
import type { Diagnostics } from '../diagnostics/index.ts';
import type { Markup, MarkupElement } from '../rules/index.ts';
import type { Instruction } from './instruction.ts';

/** A template that is called by name; compiled after all names are known. */
export interface NamedTemplate {
	run: Instruction;
}

export type CompileBody = (markup: readonly Markup[], setting: MarkupSetting) => Instruction;

export interface MarkupSetting {
	readonly diagnostics: Diagnostics;
	/** Templates by their names, and attribute sets. */
	readonly named: Map<string, NamedTemplate>;
	/** The namespace of the literal element around, `html` by default. */
	readonly around?: string;
	/** Compiles Diazo's `include`. */
	include(element: MarkupElement): Instruction;
	/** Told what `xsl:message` says. */
	message(text: string): void;
}
