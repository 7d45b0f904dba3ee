/**
 * Rules as TypeScript objects: the language of YAML rules, typed. A selector is CSS, unless it begins with `/` or `xpath:`.
 * The keys of each action stand in data-vocabulary.ts, too, where they are checked for YAML; the two go together.
 */
import type { ContentEdit, IncludeMethod, LinkPlace } from './model.ts';

/** A set of rules: which theme, when none, and what of the content goes where. */
export interface RulesInput {
	/** The theme: a file, seen from the root; or several, of which the first whose `when` holds is taken. */
	readonly theme?: string | ThemeInput | readonly (string | ThemeInput)[];
	/** Pages that go through without a theme: those for which one of these holds. */
	readonly skip?: readonly WhenTests[];
	readonly rules?: readonly RuleInput[];
	readonly links?: LinksInput;
	/** Prefixes for XPath beside the usual ones (xsl, str, exsl, set, dyn …). */
	readonly namespaces?: Readonly<Record<string, string>>;
	/** XSLT for the whole set: variables, templates, output. */
	readonly xml?: string;
}

/** One action per rule. */
export type RuleInput = OneOf<Actions>;

/** Exactly one of the properties of T. */
type OneOf<T> = {
	[K in keyof T]: { readonly [P in K]: T[P] } & { readonly [P in Exclude<keyof T, K>]?: never };
}[keyof T];

export interface Actions {
	/** The theme's node goes, what is brought in takes its place. With `content` alone: the same in the content. */
	readonly replace: BringInto & (ThemeOrChildren | OnlyContent);
	/** The children of the theme's node go, the children of `content` take their place. */
	readonly fill: BringInto & {
		readonly theme: SelectorInput;
		/** False: the nodes that `content` selects come in themselves. Default: true. */
		readonly children?: boolean;
	};
	/** In front of the theme's node; of all its children, with `themeChildren`. */
	readonly before: BringInto & (ThemeOrChildren | OnlyContent);
	/** Behind the theme's node; behind all its children, with `themeChildren`. */
	readonly after: BringInto & (ThemeOrChildren | OnlyContent);
	/** Into the theme's node, in front of its children. */
	readonly prepend: BringInto & { readonly theme: SelectorInput };
	/** Into the theme's node, behind its children. */
	readonly append: BringInto & { readonly theme: SelectorInput };
	/** Removes a node of the theme or the content, or its children. */
	readonly drop: Conditional & (ThemeOrChildren | OnlyContent);
	/** Removes a tag of the theme or the content, and keeps what is in it. */
	readonly strip: Conditional & ({ readonly theme: SelectorInput } | OnlyContent);
	/** Changes attributes, in this order: drop, copy, merge, replace. */
	readonly attrs: AttrsInput;
	/** Brings in another document, in place of the theme's node. */
	readonly include: Conditional & ThemeOrChildren & ReferenceInput & Partial<ContentOrChildren>;
	/** Gives each matched element of the content to a function. */
	readonly edit: Conditional & { readonly content: SelectorInput; readonly fn: ContentEdit };
	/** Rules under a condition of their own. */
	readonly group: { readonly when?: WhenInput; readonly rules: readonly RuleInput[] };
	/** Another file of rules, XML or YAML, seen from the root. */
	readonly use: string | { readonly file: string; readonly when?: WhenInput };
}

/** CSS, unless it begins with `/` or `xpath:`. `prefix`: the XPath axis that a CSS selector begins with, as Diazo's css:prefix. */
export type SelectorInput = string | { readonly css: string; readonly prefix?: string } | { readonly xpath: string };

interface Conditional {
	/** The rule is there only when this holds. */
	readonly when?: WhenInput;
}

type ThemeOrChildren =
	| { readonly theme: SelectorInput; readonly themeChildren?: never }
	| { readonly themeChildren: SelectorInput; readonly theme?: never };

interface OnlyContent {
	readonly theme?: never;
	readonly themeChildren?: never;
	readonly content?: SelectorInput;
	readonly contentChildren?: SelectorInput;
}

type ContentOrChildren =
	| { readonly content: SelectorInput; readonly contentChildren?: never }
	| { readonly contentChildren: SelectorInput; readonly content?: never };

/** What is brought in: content of the page, another document, or what stands here. */
interface BringInto extends Conditional, Partial<ReferenceInput> {
	readonly content?: SelectorInput;
	readonly contentChildren?: SelectorInput;
	/** HTML to put in; braces are braces. */
	readonly html?: string;
	/** As inside a rule in XML: HTML with XSLT and `include`, expressions in braces. */
	readonly xml?: string;
	/** Content comes in without the content's own edits. */
	readonly raw?: boolean;
}

export interface ReferenceInput {
	/** A document: a path of the upstream, or a URL that is allowed. */
	readonly href: string;
	readonly method?: Exclude<IncludeMethod, 'raw'>;
	/** XSLT mode for what is brought in. */
	readonly mode?: string;
	/** Milliseconds or seconds: `300ms`, `2s`. */
	readonly timeout?: `${number}ms` | `${number}s` | `${number}m`;
	/** What becomes of the theme's node when it does not come. */
	readonly onError?: 'keep' | 'remove' | 'fail' | { readonly html: string };
}

export interface AttrsInput extends Conditional {
	readonly theme?: SelectorInput;
	readonly content?: SelectorInput;
	/** The content's attributes come from another document. */
	readonly href?: string;
	/** Names, or `*` for all. */
	readonly copy?: string | readonly string[];
	/** The theme's value, then those of the content. */
	readonly merge?: string | readonly string[];
	readonly drop?: string | readonly string[];
	readonly replace?: string | readonly string[];
	/** Between merged values. Default: a space. */
	readonly separator?: string;
}

export interface ThemeInput extends Conditional {
	readonly href?: string;
	/** The document itself. */
	readonly html?: string;
	/** In front of the theme's relative URLs. */
	readonly prefix?: string;
}

/** A list: all of them must hold. */
export type WhenInput = WhenTests | readonly WhenTests[];

/** All that are given must hold. */
export interface WhenTests {
	/** Diazo's patterns: `/news` and all below, `/news/` alone, `news/` what ends so, `news` what contains it; or stars. */
	readonly path?: string | readonly string[];
	readonly notPath?: string | readonly string[];
	/** Something in the content. */
	readonly content?: SelectorInput;
	/** Nothing of it in the content. */
	readonly missing?: SelectorInput;
	/** Something in what is selected. */
	readonly contentChildren?: SelectorInput;
	readonly missingChildren?: SelectorInput;
	/** A request field, or a map from names to values; true for any value. */
	readonly header?: string | Readonly<Record<string, string | true>>;
	readonly notHeader?: string | Readonly<Record<string, string | true>>;
	/** XPath over parameters and variables. */
	readonly if?: string;
	readonly ifNot?: string;
}

export interface LinksInput {
	/** Beginning of a URL to what takes its place; the longest beginning wins. */
	readonly map: Readonly<Record<string, string>>;
	/** Default: everywhere. */
	readonly in?: readonly LinkPlace[];
}
