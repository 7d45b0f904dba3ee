/** One rule in XML: replace, before, after, drop, strip, copy, merge, prepend, append. */
import type { Place } from '../diagnostics/index.ts';
import { readCondition } from './condition.ts';
import { readSource, type Source } from './include.ts';
import {
	attributesOf,
	CONDITIONAL_MARKUP,
	isEmpty,
	type MarkupStyle,
	readMarkup,
	STYLESHEET_MARKUP,
	THEME_MARKUP,
	trimmed,
} from './markup-from-xml.ts';
import type { AttributeChange, Condition, Markup, MarkupAttribute, Rule, Selection } from './model.ts';
import { DELIVERANCE } from './namespaces.ts';
import type { Reading } from './reading.ts';
import { RuleAttributes } from './rule-attributes.ts';
import { SPELLINGS, type Spelling } from './vocabulary.ts';
import type { XmlElement } from './xml/index.ts';

/** Null for a rule that does nothing, which has been told. */
export function readRule(element: XmlElement, outer: Condition, reading: Reading): Rule | null {
	const attributes = new RuleAttributes({ ...element, name: element.local, attributes: given(element) }, reading);
	attributes.check();
	const theme = attributes.selection('theme');
	const source = readSource(attributes, reading);
	const condition = [...outer, ...readCondition(attributes, source.content, reading)];
	const found: Found = { element, attributes, theme, source, condition };
	return attributes.plain('attributes') === null ? plainRule(found, reading) : attributeRule(found, reading);
}

interface Found {
	readonly element: XmlElement;
	readonly attributes: RuleAttributes;
	readonly theme: Selection | null;
	readonly source: Source;
	readonly condition: Condition;
}

/** Deliverance's rules did nothing without content, unless they said otherwise. */
function given(element: XmlElement): MarkupAttribute[] {
	const all = attributesOf(element);
	if (element.namespace !== DELIVERANCE) return all;
	const plain = (name: string) => all.find((one) => one.namespace === '' && one.name === name);
	const kept = all.filter((one) => one.namespace !== '' || one.name !== 'nocontent');
	const content = plain('content');
	const nocontent = plain('nocontent')?.value ?? 'theme';
	if (content === undefined || plain('if-content') !== undefined || nocontent !== 'theme') return kept;
	return [...kept, { namespace: '', name: 'if-content', value: '', place: content.place }];
}

function plainRule(found: Found, reading: Reading): Rule | null {
	const { element, attributes, theme, condition } = found;
	const { content, reference, raw, mode } = found.source;
	const spelling = SPELLINGS[element.local];
	if (spelling === undefined) {
		const hint = 'Name them: attributes="class".';
		reading.passedOver('missing-attribute', `<${element.local}> needs attributes.`, element.place, hint);
		return null;
	}
	if (!isComplete(found, spelling, reading)) return null;
	const style = theme === null ? STYLESHEET_MARKUP : condition.length > 0 ? CONDITIONAL_MARKUP : THEME_MARKUP;
	const body = readBody(found, spelling, style, reading);
	return {
		kind: spelling.kind,
		theme: theme === null ? null : { ...theme, children: theme.children || spelling.children },
		content,
		attributes: null,
		reference,
		body,
		raw,
		mode: reference === null ? mode : null,
		edit: null,
		condition,
		place: element.place,
		spelled: attributes.name,
	};
}

/** Tells what does not go together, and what is missing; false when nothing is left to do. */
function isComplete({ element, attributes, theme, source }: Found, spelling: Spelling, reading: Reading): boolean {
	const { local, place } = element;
	const { content, reference } = source;
	const removes = spelling.kind === 'drop' || spelling.kind === 'strip';
	if (removes && theme !== null && content !== null) return both(local, place, reading);
	if (attributes.has('theme-children') && (spelling.kind === 'strip' || spelling.children)) {
		const hint = spelling.children ? `<${local}> is about the children of theme already.` : 'Use theme.';
		reading.error('theme-children', `theme-children is not for <${local}>.`, place, hint);
		return false;
	}
	if (theme === null && (content === null || spelling.children)) {
		const needs = spelling.children ? 'theme' : 'theme or content';
		reading.passedOver('missing-attribute', `<${local}> needs ${needs}: it does nothing.`, place);
		return false;
	}
	if (theme === null && reference !== null) {
		const hint = 'Put <include href="…"/> into the rule.';
		reading.passedOver('missing-attribute', `href on <${local}> needs theme.`, reference.place, hint);
	}
	return true;
}

function both(local: string, place: Place, reading: Reading): false {
	const message = `<${local}> has both theme and content.`;
	reading.error('conflict', message, place, `Write two rules, one to ${local} in the theme, one in the content.`);
	return false;
}

function readBody(found: Found, { kind }: Spelling, style: MarkupStyle, reading: Reading): readonly Markup[] | null {
	const { element, theme, source } = found;
	const { local, place, children } = element;
	if (isEmpty(children)) {
		const brings = source.reference !== null || (theme !== null && source.content !== null);
		if (!brings && (kind === 'before' || kind === 'after')) {
			const hint = theme === null ? 'Put something into it.' : 'Name something in content, or put it into the rule.';
			reading.diagnostics.warn('no-effect', `<${local}> brings in nothing.`, place, hint);
		}
		return null;
	}
	if (kind === 'drop' || kind === 'strip') {
		reading.passedOver('unused-body', `What is inside <${local}> is not used.`, place);
		return null;
	}
	if (theme !== null && (source.content !== null || source.reference !== null)) {
		const hint = 'Put <include content="…"/> into it, in place of content.';
		reading.error('conflict', `<${local}> has content or href, and something inside it, too.`, place, hint);
		return null;
	}
	return trimmed(readMarkup(children, style, reading));
}

function attributeRule(found: Found, reading: Reading): Rule | null {
	const { element, attributes, theme, source, condition } = found;
	const { local, place } = element;
	const change = readChange(attributes, reading);
	if (change === null || !isCompleteChange(found, reading)) return null;
	if (!isEmpty(element.children)) {
		reading.passedOver('unused-body', `What is inside <${local} attributes> is not used.`, place);
	}
	const { content, reference } = source;
	const rest = { body: null, raw: false, mode: null, edit: null, condition, place, spelled: local } as const;
	return { kind: 'attributes', theme, content, attributes: change, reference, ...rest };
}

function readChange(attributes: RuleAttributes, reading: Reading): AttributeChange | null {
	const action = attributes.name;
	const written = attributes.plain('attributes');
	if (action !== 'copy' && action !== 'merge' && action !== 'drop' && action !== 'replace') return null;
	if (written === null) return null;
	const names = written.value.split(/[ \t\r\n]+/).filter((name) => name !== '');
	if (names.length === 0) {
		reading.passedOver('empty-attributes', 'attributes is empty.', written.place, 'Name some, or * for all of them.');
		return null;
	}
	return {
		action,
		names: names.includes('*') ? '*' : names,
		separator: attributes.plain('separator')?.value ?? ' ',
	};
}

function isCompleteChange({ element, attributes, theme, source }: Found, reading: Reading): boolean {
	const { local, place } = element;
	const { content, reference } = source;
	if (reference !== null && reference.method !== null && reference.method !== 'document') {
		const message = 'Attributes come from another document with method="document" only.';
		reading.error('bad-method', message, attributes.plain('method')?.place ?? place);
	}
	if (attributes.has('theme-children')) {
		reading.error('theme-children', 'Attributes are those of theme, not of theme-children.', place, 'Use theme.');
		return false;
	}
	if (local === 'drop' && theme !== null && content !== null) return both(local, place, reading);
	const missing = local === 'drop' ? theme === null && content === null : theme === null || content === null;
	if (!missing) return true;
	const needs = local === 'drop' ? 'theme or content' : 'theme and content';
	reading.passedOver('missing-attribute', `<${local} attributes> needs ${needs}: it does nothing.`, place);
	return false;
}
