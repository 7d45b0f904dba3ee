/**
 * Rules, themes and included files, compiled: everything that can be known before a page comes. A plan never changes;
 * an edit makes another one.
 */
import { type Diagnostic, Diagnostics, type Place, type SourceFile } from '../diagnostics/index.ts';
import { type LinkMapper, linkMapper } from '../links/index.ts';
import type { PageSetting } from '../page/index.ts';
import type { IncludeMethod, Reference, Rule, RuleSet, ThemeChoice } from '../rules/index.ts';
import type { Dialect, Watch } from '../tree/index.ts';
import type { MarkupSetting } from '../xslt/index.ts';
import { compileAttributes } from './attributes.ts';
import { bring, type RuleSetting } from './bring.ts';
import type { ContentEdit } from './content-edit.ts';
import { contentEdits } from './content-edits.ts';
import { Documents } from './documents.ts';
import { CompiledEdits } from './edit-table.ts';
import { compileInclude } from './include.ts';
import { LinkEdits } from './link-edits.ts';
import { type CompiledCondition, Questions } from './questions.ts';
import { revisionOf } from './revision.ts';
import { compileStylesheet, declareStylesheet, type OutputDeclaration, type Stylesheet } from './stylesheet.ts';
import { type CompiledTheme, compileTheme, type ThemeSetting, warnUnplaced } from './theme-choice.ts';
import type { CompiledRule } from './theme-rules.ts';

export interface PlanOptions {
	/** `html` (default): HTML5, byte for byte what no rule touched. `xhtml`: XHTML 1.0 as Diazo writes it. */
	readonly mode?: 'html' | 'xhtml';
	/** `diazo`: its behaviour where its documentation says another. */
	readonly compat?: 'diazo' | null;
	/** A theme for when no condition chooses one; it takes the place of the one that the rules have for that. */
	readonly theme?: string | null;
	/** In front of relative URLs of the theme. */
	readonly prefix?: string | null;
	/** Values of parameters; requests may bring others. */
	readonly parameters?: Readonly<Record<string, string>>;
	/** How `href` is brought in by rules that do not say: `document` by default. */
	readonly includeMode?: IncludeMethod;
	/** The content has each id once at most: what is in an element with an id may leave when the element has ended. Off by default. */
	readonly uniqueIds?: boolean;
	/** Nodes a page may have before it passes through as it is: 500,000 by default. */
	readonly maxNodes?: number;
	/** Elements inside each other before a page passes through as it is: 512 by default. */
	readonly maxDepth?: number;
	/** What `xsl:message` says: nowhere by default. */
	readonly message?: (text: string) => void;
}

/** Reads files of the theme: rules, themes, included documents. Throws when one cannot be read. */
export interface Reader {
	read(href: string, from: SourceFile | null): SourceFile;
}

export interface Plan {
	readonly setting: PageSetting;
	/** What it was made from. */
	readonly set: RuleSet;
	/** Rules about the theme. */
	readonly rules: readonly CompiledRule[];
	/** Of every rule of the set, by its number. */
	readonly conditions: readonly CompiledCondition[];
	readonly nothemes: readonly CompiledCondition[];
	/** Those with a condition first. */
	readonly themes: readonly CompiledTheme[];
	readonly edits: CompiledEdits;
	readonly watch: Watch;
	/** Request fields that conditions ask for. */
	readonly fields: readonly string[];
	/** To be fetched for each page. */
	readonly wanted: readonly Reference[];
	readonly links: LinkMapper | null;
	readonly linkPlaces: readonly string[];
	readonly output: OutputDeclaration;
	readonly dialect: Dialect;
	readonly options: PlanOptions;
	readonly revision: string;
	/** What is questionable, but no error. */
	readonly warnings: readonly Diagnostic[];
	/** How deep and how many nodes. */
	readonly limits: { readonly maxNodes: number; readonly maxDepth: number };
}

/** Templates inside templates: more than elements may stand in each other, for templates that copy the page. */
const TEMPLATE_DEPTH = 600;

/** Compiles rules. Throws ThemeError with everything that is wrong with them. */
export function compilePlan(set: RuleSet, reader: Reader, options: PlanOptions = {}): Plan {
	return new PlanCompiler(set, reader, options).compile();
}

class PlanCompiler {
	private readonly set: RuleSet;
	private readonly reader: Reader;
	private readonly options: PlanOptions;
	private readonly compat: boolean;
	private readonly dialect: Dialect;
	private readonly diagnostics = new Diagnostics();
	private readonly questions: Questions;
	private readonly documents: Documents;
	private readonly read: SourceFile[] = [];
	private readonly setting: RuleSetting;

	constructor(set: RuleSet, reader: Reader, options: PlanOptions) {
		this.set = set;
		this.reader = reader;
		this.options = options;
		this.compat = options.compat === 'diazo';
		this.dialect = options.mode === 'xhtml' ? 'libxml2' : 'html';
		this.questions = new Questions(this.diagnostics, { uniqueIds: options.uniqueIds === true, compat: this.compat });
		this.documents = new Documents((href, from) => this.readFile(href, from), this.dialect, this.diagnostics);
		this.setting = this.ruleSetting();
	}

	private ruleSetting(): RuleSetting {
		const { diagnostics, questions, documents, options } = this;
		const named: MarkupSetting['named'] = new Map();
		const setting: RuleSetting = {
			diagnostics,
			questions,
			documents,
			named,
			aliases: new Map(),
			includeMode: options.includeMode ?? 'document',
			include: (element) => compileInclude(element, setting),
			message: options.message ?? (() => {}),
		};
		return setting;
	}

	private readFile(href: string, from: SourceFile | null): SourceFile {
		const file = this.reader.read(href, from);
		this.read.push(file);
		return file;
	}

	compile(): Plan {
		const { set, questions, options, diagnostics } = this;
		const sheet = this.stylesheet();
		const numbered = set.rules.map((rule, number) => ({ rule, number }));
		const rules = numbered.flatMap(({ rule, number }) => this.themeRule(rule, number));
		const mapper = set.links === null ? null : linkMapper(set.links);
		const edits = this.edits(numbered, sheet.edits, mapper);
		const nothemes = this.nothemes();
		const themes = this.themes(rules);
		const conditions = set.rules.map(({ condition }) => questions.condition(condition));
		diagnostics.check();
		return {
			setting: {
				questions: questions.count,
				globals: sheet.globals,
				declared: sheet.declared,
				edits,
				documents: this.documents.fixed,
				source: (file) => this.documents.source(file),
				maxDepth: TEMPLATE_DEPTH,
			},
			set,
			rules,
			conditions,
			nothemes,
			themes,
			edits,
			watch: questions.watch,
			fields: [...questions.fields],
			wanted: [...this.documents.wanted.values()],
			links: mapper,
			linkPlaces: set.links?.in ?? [],
			output: sheet.output,
			dialect: this.dialect,
			options,
			revision: revisionOf([...set.files, ...this.read], JSON.stringify(options)),
			warnings: diagnostics.all,
			limits: { maxNodes: options.maxNodes ?? 500_000, maxDepth: options.maxDepth ?? 512 },
		};
	}

	private stylesheet(): Stylesheet {
		for (const name of Object.keys(this.options.parameters ?? {})) this.questions.settle(name, 'start');
		declareStylesheet(this.set.xsl, this.setting);
		return compileStylesheet(this.set.xsl, this.setting);
	}

	private edits(
		rules: readonly { rule: Rule; number: number }[],
		templates: readonly ContentEdit[],
		mapper: LinkMapper | null,
	): CompiledEdits {
		const { edits, parts, attributes } = contentEdits(rules, this.setting, this.compat);
		const links = mapper === null ? null : new LinkEdits(mapper);
		return new CompiledEdits([...edits, ...templates], parts, attributes, links);
	}

	private themeRule(rule: Rule, number: number): CompiledRule[] {
		if (rule.theme === null) return [];
		const { setting, questions } = this;
		const attributes = compileAttributes(rule, setting, this.compat);
		if (rule.attributes !== null && attributes === null) return [];
		const brought = rule.attributes === null ? bring(rule, setting) : { fill: () => {}, settlement: 'start' as const };
		return [
			{ rule, number, condition: this.available(rule, questions.condition(rule.condition)), brought, attributes },
		];
	}

	/** A fragment that could not be fetched leaves what the theme has, unless the rule says otherwise. */
	private available(rule: Rule, condition: CompiledCondition): CompiledCondition {
		const { reference } = rule;
		if (reference === null || !this.documents.wanted.has(reference.href)) return condition;
		const keeps = reference.onError === null || reference.onError === 'keep';
		return keeps ? this.questions.alsoAvailable(condition, reference.href) : condition;
	}

	private nothemes(): CompiledCondition[] {
		return this.set.nothemes.flatMap(({ condition, place }) => {
			if (condition.length > 0) return [this.questions.condition(condition)];
			this.diagnostics.warn('no-effect', 'A notheme without a condition has no effect.', place);
			return [];
		});
	}

	private themes(rules: readonly CompiledRule[]): CompiledTheme[] {
		const conditional = this.set.themes.filter(({ condition }) => condition.length > 0);
		const plain = this.set.themes.filter(({ condition }) => condition.length === 0);
		const [first, second] = plain;
		if (second !== undefined && !this.compat) {
			const message = 'There are two themes without a condition: only one of them can be used.';
			this.diagnostics.error('conflict', message, second.place, 'Give one of them a condition.');
		}
		const given = this.options.theme ?? null;
		const last = given === null ? first : this.givenTheme(given);
		// Diazo writes all those of the rules, one behind the other.
		const lasts = this.compat && given === null ? plain : (last ?? []);
		const setting: ThemeSetting = {
			diagnostics: this.diagnostics,
			questions: this.questions,
			dialect: this.dialect,
			prefix: this.options.prefix ?? null,
			compat: this.compat,
			markup: this.setting,
			read: (href, from) => this.readFile(href, from),
		};
		const compiled = [conditional, lasts].map((choices) =>
			[choices].flat().flatMap((choice) => compileTheme(choice, rules, setting) ?? []),
		);
		warnUnplaced(rules, compiled.flat(), this.diagnostics);
		const [choosable = [], always = []] = compiled;
		const [theme] = always;
		if (theme === undefined) return choosable;
		return [...choosable, { ...theme, segments: always.flatMap(({ segments }) => segments) }];
	}

	private givenTheme(href: string): ThemeChoice {
		const place: Place = { file: { name: '(options)', text: '' }, offset: 0, length: 0 };
		return { href, body: null, file: null, prefix: null, condition: [], place };
	}
}
