/** Themes that may be chosen, compiled: each with the rules at their places in it. */
import type { Diagnostics, SourceFile } from '../diagnostics/index.ts';
import type { Markup, ThemeChoice } from '../rules/index.ts';
import { type Dialect, parseHtml, type Tree } from '../tree/index.ts';
import type { MarkupSetting } from '../xslt/index.ts';
import { isLive, type LiveTheme, liveTheme } from './inline-theme.ts';
import { type NoticePage, noticePage } from './notice.ts';
import type { CompiledCondition, Questions } from './questions.ts';
import type { Segment } from './segment.ts';
import { bareTheme, type ThemeMarkup, VOID } from './theme-markup.ts';
import { themeProgram } from './theme-program.ts';
import { type CompiledRule, placeRules, type ThemeRules, warnUnreachable } from './theme-rules.ts';

export interface CompiledTheme {
	readonly condition: CompiledCondition;
	readonly segments: readonly Segment[];
	readonly tree: Tree;
	readonly placed: ThemeRules;
	/** The theme with nothing brought in. */
	readonly bare: string;
	/** The theme with a few words in place of content. */
	readonly notice: NoticePage;
	readonly name: string;
}

export interface ThemeSetting {
	readonly diagnostics: Diagnostics;
	readonly questions: Questions;
	readonly dialect: Dialect;
	readonly prefix: string | null;
	readonly compat: boolean;
	/** For what stands in a theme in the rules. */
	readonly markup: MarkupSetting;
	/** Throws when the file cannot be read. */
	read(href: string, from: SourceFile | null): SourceFile;
}

export function compileTheme(
	choice: ThemeChoice,
	rules: readonly CompiledRule[],
	setting: ThemeSetting,
): CompiledTheme | null {
	const { compat } = setting;
	const file = themeFile(choice, setting);
	if (file === null) return null;
	const made = liveBody(choice, setting);
	const tree = made?.tree ?? parseHtml(file.text, { dialect: setting.dialect });
	// Diazo's prefix is for themes that have a place of their own.
	const prefix = compat && choice.href === null && choice.body !== null ? null : (choice.prefix ?? setting.prefix);
	const markup: ThemeMarkup = { tree, prefix, compat, live: made?.live ?? null };
	const placed = placeRules(rules, tree, setting.diagnostics, setting.compat);
	warnUnreachable(placed, tree, setting.diagnostics);
	return {
		condition: setting.questions.condition(choice.condition),
		segments: themeProgram(markup, placed),
		tree,
		placed,
		bare: bareTheme(markup),
		notice: noticePage(markup),
		name: file.name,
	};
}

/** In Diazo all markup in the rules is as it stands there, and nothing is read into it. */
function liveBody({ href, body }: ThemeChoice, setting: ThemeSetting): LiveTheme | null {
	if (href !== null || body === null) return null;
	const asItStands = setting.compat && setting.dialect === 'libxml2';
	return asItStands || isLive(body) ? liveTheme(body, setting.markup) : null;
}

function themeFile({ href, body, file, place }: ThemeChoice, setting: ThemeSetting): SourceFile | null {
	if (file !== null) return file;
	if (body !== null && href === null) return { name: '(theme in the rules)', text: markupText(body) };
	try {
		return setting.read(href ?? '', place.file);
	} catch (error) {
		setting.diagnostics.error('missing-file', (error as Error).message, place);
		return null;
	}
}

/** Markup of rules as the HTML that it stands for. */
export function markupText(markup: readonly Markup[]): string {
	return markup.map(oneText).join('');
}

function oneText(markup: Markup): string {
	if (markup.type === 'text') return escaped(markup.text);
	if (markup.type === 'comment') return `<!--${markup.text}-->`;
	const { name, attributes, children } = markup;
	const written = attributes.map((one) => ` ${one.name}="${escaped(one.value).replaceAll('"', '&quot;')}"`).join('');
	if (VOID.has(name)) return `<${name}${written}>`;
	const isRaw = name === 'script' || name === 'style';
	const inner = isRaw ? children.map((one) => (one.type === 'text' ? one.text : '')).join('') : markupText(children);
	return `<${name}${written}>${inner}</${name}>`;
}

const escaped = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');

/** Warns of rules that no theme has a place for. */
export function warnUnplaced(
	rules: readonly CompiledRule[],
	themes: readonly CompiledTheme[],
	diagnostics: Diagnostics,
): void {
	if (themes.length === 0) return;
	for (const { rule, number } of rules) {
		if (rule.theme === null) continue;
		if (themes.some(({ placed }) => (placed.matches.get(number) ?? 0) > 0)) continue;
		const { text, place } = rule.theme.select;
		const where = themes.length === 1 ? `the theme ${themes[0]?.name}` : 'any theme';
		diagnostics.warn('no-match', `'${text}' matches nothing in ${where}.`, place);
	}
}
