/** A set of rules as YAML: what `turnabout theme convert` prints. Read again, it is the same set. */
import { Document, isCollection, Scalar } from 'yaml';
import { LINK_PLACES } from './links-from-data.ts';
import { STYLESHEET_MARKUP, THEME_MARKUP } from './markup-from-xml.ts';
import { markupXml } from './markup-to-text.ts';
import type { Rule, RuleSet, ThemeChoice } from './model.ts';
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
	if (set.xsl.length > 0) root['xml'] = nodes(xslBlock(set));
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

function xslBlock({ xsl }: RuleSet): Block {
	return new Block(`${xsl.map((one) => markupXml([one], STYLESHEET_MARKUP)).join('\n')}\n`);
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
