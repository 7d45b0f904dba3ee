/**
 * A set of rules, whichever language it was written in: XML, YAML and TypeScript all end here, and the plan begins here.
 * Legacy spellings, CSS twins, nested conditions and XInclude have been dealt with; what a rule does with what is not.
 */
import type { Place, SourceFile } from '../diagnostics/index.ts';

export interface Expression {
	readonly language: 'css' | 'xpath';
	readonly text: string;
	readonly place: Place;
	/** Namespace prefixes in scope, for XPath: prefix to URI. Undefined when the language has none. */
	readonly namespaces?: ReadonlyMap<string, string>;
	/** Diazo's `css:prefix`: the XPath axis that a CSS selector begins with, `//` or `descendant-or-self::` …; null for the usual one. */
	readonly prefix?: string | null;
}

/** What an expression selects, or the children of what it selects. */
export interface Selection {
	readonly select: Expression;
	readonly children: boolean;
}

/** One test of a condition. All tests of all conditions around a rule must hold. */
export type Test =
	/** Something in the content (a CSS selector matches, an XPath expression is true). */
	| {
			readonly kind: 'content';
			readonly expression: Expression;
			readonly negated: boolean;
			/** Of what is selected, the children are asked for: an empty `if-content` beside `content-children`. */
			readonly children?: true;
	  }
	/** Diazo's if-path: the patterns are alternatives. */
	| { readonly kind: 'path'; readonly patterns: readonly string[]; readonly negated: boolean; readonly place: Place }
	/** An XPath expression over parameters and variables: `if`, `if-not`. */
	| { readonly kind: 'expression'; readonly expression: Expression; readonly negated: boolean }
	/** A request field is there, or has this value. YAML and TypeScript only. */
	| { readonly kind: 'header'; readonly name: string; readonly value: string | null; readonly negated: boolean };

export type Condition = readonly Test[];

/** How a document named by `href` is brought in. */
export type IncludeMethod = 'document' | 'transform' | 'raw' | 'ssi' | 'ssiwait' | 'esi';

export interface Reference {
	readonly href: string;
	readonly place: Place;
	/** Null: the `includeMode` of the options, `document` by default. */
	readonly method: IncludeMethod | null;
	/** XSLT mode for the nodes brought in; null for the usual one. */
	readonly mode: string | null;
	/** YAML and TypeScript: milliseconds for the fetch, and what to do when it fails. Null: the options' own. */
	readonly timeout: number | null;
	readonly onError: OnError | null;
}

export type OnError = 'keep' | 'remove' | 'fail' | { readonly html: string };

export interface AttributeChange {
	readonly action: 'copy' | 'merge' | 'drop' | 'replace';
	/** `*`: all of them. */
	readonly names: readonly string[] | '*';
	/** merge: what stands between the values. */
	readonly separator: string;
}

export type RuleKind = 'replace' | 'before' | 'after' | 'drop' | 'strip' | 'attributes';

export interface Rule {
	readonly kind: RuleKind;
	/** Null for a rule that edits the content. `theme.children` of replace, before, after: the children, the first, the last child. */
	readonly theme: Selection | null;
	readonly content: Selection | null;
	readonly attributes: AttributeChange | null;
	readonly reference: Reference | null;
	/** What stands in the rule itself; null when there is nothing. */
	readonly body: readonly Markup[] | null;
	/** `raw`: content comes in without the content's own edits. Also `method="raw"` without href. */
	readonly raw: boolean;
	/** XSLT mode for what is brought in from the content; null for the usual one. */
	readonly mode: string | null;
	/** A function that is given the selected content: TypeScript rules only, else null. */
	readonly edit: ContentEdit | null;
	readonly condition: Condition;
	readonly place: Place;
	/** The name of the element as written: `copy`, `prepend`, `fill` …, for messages. */
	readonly spelled: string;
}

/** What a TypeScript rule may change of each matched element. */
export type ContentEdit = (element: EditableElement) => void;

export interface EditableElement {
	readonly name: string;
	getAttribute(name: string): string | null;
	setAttribute(name: string, value: string): void;
	removeAttribute(name: string): void;
	readonly textContent: string;
}

/** A theme that may be chosen. */
export interface ThemeChoice {
	/** A file or URL, or the markup itself. */
	readonly href: string | null;
	readonly body: readonly Markup[] | null;
	/** The HTML that `href` names, or that stands in YAML and TypeScript rules; null when `body` has it. */
	readonly file: SourceFile | null;
	/** Absolute prefix for this theme's URLs; null for the options' own. */
	readonly prefix: string | null;
	readonly condition: Condition;
	readonly place: Place;
}

/** Markup in rules: HTML to be written, XSLT instructions, and `include`. */
export type Markup = MarkupElement | MarkupText | MarkupComment;

export interface MarkupElement {
	readonly type: 'element';
	/** `html` for what is to be written, `xsl`, or `diazo` for `include`; anything else keeps its URI. */
	readonly namespace: string;
	/** Local name; with its prefix (`svg:rect`) where the namespace is neither html, xsl nor diazo. */
	readonly name: string;
	readonly attributes: readonly MarkupAttribute[];
	readonly children: readonly Markup[];
	/** Namespace prefixes in scope, for XPath inside. */
	readonly namespaces: ReadonlyMap<string, string>;
	/** Right under the root, of what is imported: its import precedence, below the 0 of what is not. */
	readonly precedence?: number;
	/** With it, the precedence of the first sheet that its sheet imports; the same where it imports none. */
	readonly importsFrom?: number;
	readonly place: Place;
}

export interface MarkupAttribute {
	/** '' for none, `css` for a CSS twin (`css:select`), else the URI. */
	readonly namespace: string;
	/** Local name, with its prefix where it has another namespace (`xlink:href`, `xml:lang`). */
	readonly name: string;
	readonly value: string;
	readonly place: Place;
}

export interface MarkupText {
	readonly type: 'text';
	readonly text: string;
	readonly place: Place;
}

export interface MarkupComment {
	readonly type: 'comment';
	readonly text: string;
	readonly place: Place;
}

export interface Import {
	readonly element: MarkupElement;
	readonly file: SourceFile;
}

export interface RuleSet {
	readonly themes: readonly ThemeChoice[];
	readonly nothemes: readonly { readonly condition: Condition; readonly place: Place }[];
	/** In document order. */
	readonly rules: readonly Rule[];
	/**
	 * XSLT right under the root: variable, param, template, output, strip-space … With what stylesheets bring in, the
	 * least precedence first.
	 */
	readonly xsl: readonly MarkupElement[];
	/** What the rules import, in order, each with the element that says so: its declarations are in `xsl`. */
	readonly imports: readonly Import[];
	/** Every file that was read for it, to be watched. */
	readonly files: readonly SourceFile[];
	/** Where links are mapped: YAML and TypeScript only. */
	readonly links: LinkMap | null;
}

export interface LinkMap {
	/** Beginning of a URL to what takes its place; the longest beginning wins. */
	readonly map: Readonly<Record<string, string>>;
	/** Where: all of them by default. */
	readonly in: readonly LinkPlace[];
}

export type LinkPlace = 'href' | 'src' | 'srcset' | 'action' | 'style' | 'css' | 'meta' | 'location' | 'cookie';
