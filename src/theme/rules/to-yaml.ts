/** A set of rules as YAML: what `turnabout theme convert` prints. Read again, it is the same set. */
import { Document, isCollection, Scalar } from 'yaml';
import type { SourceFile } from '../diagnostics/index.ts';
import { LINK_PLACES } from './links-from-data.ts';
import { STYLESHEET_MARKUP, THEME_MARKUP } from './markup-from-xml.ts';
import { markupXml } from './markup-to-text.ts';
import type { Import, MarkupElement, Rule, RuleSet, ThemeChoice } from './model.ts';
import { otherPrefixes } from './prefixes-to-data.ts';
import { Block, conditionData, type Plain, ruleData } from './rule-to-data.ts';

/** How long a rule may be that stands in one line. */
const LINE = 110;

export function convertToYaml(set: RuleSet): string {
	const root: Record<string, unknown> = {};
	const document = new Document();
	if (set.themes.length > 0) root['theme'] = nodes(themesData(set.themes));
	const skip = set.nothemes.filter(({ condition }) => condition.length > 0);
	if (skip.length > 0) root['skip'] = skip.map(({ condition }) => nodes(conditionData(condition)));
	const prefixes = otherPrefixes(set);
	if (prefixes.size > 0) root['namespaces'] = Object.fromEntries(prefixes);
	if (set.xsl.length + set.imports.length > 0) root['xml'] = nodes(xslBlock(set));
	root['rules'] = set.rules.map((rule) => ruleNode(rule, document));
	if (set.links !== null) {
		const everywhere = set.links.in.length === LINK_PLACES.length;
		root['links'] = { map: set.links.map, ...(everywhere ? {} : { in: set.links.in }) };
	}
	document.contents = document.createNode(root, { aliasDuplicateObjects: false });
	if (set.nothemes.length > skip.length) {
		document.commentBefore = ' A notheme without a condition was left out: it has no effect.';
	}
	return document.toString({ lineWidth: 0 });
}

/** What is imported is imported again, since nothing else has a lower precedence. */
function xslBlock({ xsl, imports, files: [main] }: RuleSet): Block {
	const own = xsl.filter(({ precedence }) => precedence === undefined);
	const all = [...imports.map((one) => importFrom(one, main)), ...own];
	return new Block(`${all.map((one) => markupXml([one], STYLESHEET_MARKUP)).join('\n')}\n`);
}

/** Rules in other files have the file's name as it is seen from there. */
function importFrom({ element, file }: Import, main: SourceFile | undefined): MarkupElement {
	if (main === undefined || element.place.file === main) return element;
	const value = relativePath(main.name, file.name);
	const attributes = element.attributes.map((one) => (one.name === 'href' ? { ...one, value } : one));
	return { ...element, attributes };
}

/** From a file to another, as a URL has it. */
function relativePath(from: string, to: string): string {
	const [base, path] = [from, to].map((name) => name.split(/[\\/]/)) as [string[], string[]];
	const folders = base.slice(0, -1);
	const apart = folders.findIndex((folder, i) => folder !== path[i]);
	const shared = apart === -1 ? folders.length : apart;
	return [...folders.slice(shared).map(() => '..'), ...path.slice(shared)].join('/');
}

function themesData(themes: readonly ThemeChoice[]): Plain {
	const [only] = themes;
	const isPlain = only !== undefined && themes.length === 1 && only.condition.length === 0 && only.prefix === null;
	if (isPlain && only.href !== null) return only.href;
	return themes.map(({ href, body, file, prefix, condition }) => ({
		...(href === null ? {} : { href }),
		...(body === null ? {} : { xml: new Block(markupXml(body, THEME_MARKUP)) }),
		...(href === null && file !== null ? { html: new Block(file.text) } : {}),
		...(prefix === null ? {} : { prefix }),
		...(condition.length === 0 ? {} : { when: conditionData(condition) }),
	}));
}

/** In one line when it is short: `- replace: { theme: title, content: title }`. */
function ruleNode(rule: Rule, document: Document): unknown {
	const [action, keys] = ruleData(rule);
	const node = document.createNode({ [action]: nodes(keys) }, { aliasDuplicateObjects: false });
	const inner = node.get(action);
	const isShort = JSON.stringify(keys).length < LINE && !Object.values(keys).some((value) => value instanceof Block);
	if (isShort && isCollection(inner)) inner.flow = true;
	if (rule.edit !== null) {
		node.commentBefore = ' YAML has no functions: whoever loads these rules gives the one of this name.';
	}
	return node;
}

/** Blocks as literal scalars. */
function nodes(data: Plain): unknown {
	if (data instanceof Block) {
		const scalar = new Scalar(data.text);
		scalar.type = Scalar.BLOCK_LITERAL;
		return scalar;
	}
	if (Array.isArray(data)) return data.map((one: Plain) => nodes(one));
	if (typeof data !== 'object') return data;
	return Object.fromEntries(Object.entries(data).map(([key, value]) => [key, nodes(value as Plain)]));
}
