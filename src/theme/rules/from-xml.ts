/** Rules in XML: Diazo's language, and those it came from. */
import { didYouMean, type Place, type SourceFile } from '../diagnostics/index.ts';
import { readCondition } from './condition.ts';
import {
	attributesOf,
	isEmpty,
	readElement,
	readMarkup,
	STYLESHEET_MARKUP,
	THEME_MARKUP,
	trimmed,
} from './markup-from-xml.ts';
import type { Condition } from './model.ts';
import { DIAZO, isRules, XSL } from './namespaces.ts';
import type { Reading } from './reading.ts';
import { RuleAttributes } from './rule-attributes.ts';
import { readRule } from './rule-from-xml.ts';
import { readStylesheetElement } from './stylesheet-from-xml.ts';
import { RULE_ELEMENTS } from './vocabulary.ts';
import { isBlank, qualifiedName, XIncluder, type XmlElement, type XmlNode } from './xml/index.ts';

/** Adds what a file says to the draft of `reading`; `outer` holds for all of it. */
export function readXmlRules(file: SourceFile, outer: Condition, reading: Reading): void {
	const root = new XIncluder(reading.files, reading.diagnostics).read(file);
	if (root === null) return;
	if (isRules(root.namespace) && root.local === 'rules') new XmlRules(file, reading).rules(root, outer);
	else wrongRoot(root, reading);
}

function wrongRoot({ local, namespace, place }: XmlElement, reading: Reading): void {
	const hint =
		local === 'rules' && namespace === ''
			? `Add its namespace: xmlns="${DIAZO}".`
			: `Rules begin with <rules xmlns="${DIAZO}">.`;
	const message = local === 'rules' ? `<rules> is in no namespace of rules.` : `This is <${local}>, not <rules>.`;
	reading.error('wrong-root', message, place, hint);
}

class XmlRules {
	readonly #main: SourceFile;
	readonly #reading: Reading;

	constructor(main: SourceFile, reading: Reading) {
		this.#main = main;
		this.#reading = reading;
	}

	rules(element: XmlElement, outer: Condition): void {
		const condition = [...outer, ...this.#condition(element)];
		for (const node of element.children) this.#node(node, element, condition);
	}

	#node(node: XmlNode, parent: XmlElement, condition: Condition): void {
		if (node.type === 'element') return this.#element(node, condition);
		if (node.type === 'comment' || isBlank(node.text)) return;
		const message = `Text right in <${qualifiedName(parent)}> is not used.`;
		this.#reading.passedOver('stray-text', message, textPlace(node.text, node.place));
	}

	#element(element: XmlElement, condition: Condition): void {
		const { local, namespace } = element;
		const { draft } = this.#reading;
		if (namespace === XSL) this.#xsl(element, condition);
		else if (!isRules(namespace) || !RULE_ELEMENTS.includes(local)) this.#unknown(element);
		else if (local === 'rules') this.rules(element, condition);
		else if (local === 'theme') this.#theme(element, condition);
		else if (local === 'notheme') {
			draft.nothemes.push({ condition: [...condition, ...this.#condition(element)], place: element.place });
		} else {
			const rule = readRule(element, condition, this.#reading);
			if (rule !== null) draft.rules.push(rule);
		}
	}

	#attributes(element: XmlElement): RuleAttributes {
		const attributes = new RuleAttributes(
			{ ...element, name: element.local, attributes: attributesOf(element) },
			this.#reading,
		);
		attributes.check();
		return attributes;
	}

	#condition(element: XmlElement): Condition {
		return readCondition(this.#attributes(element), null, this.#reading);
	}

	#theme(element: XmlElement, outer: Condition): void {
		const { place, children } = element;
		const attributes = this.#attributes(element);
		const href = attributes.plain('href');
		const inline = isEmpty(children) ? null : trimmed(readMarkup(children, THEME_MARKUP, this.#reading));
		if (href !== null && inline !== null) {
			this.#reading.passedOver('conflict', '<theme> has href, and something inside it, too.', place, 'Keep one.');
		}
		if (href === null && inline === null) {
			this.#reading.error('missing-attribute', '<theme> needs href, or HTML inside it.', place);
		}
		// Diazo looks beside the first file, wherever the theme is named; it is natural to look beside the own one first.
		const file = href === null ? null : this.#reading.file(href.value, href.place, [this.#main]);
		this.#reading.draft.themes.push({
			href: href?.value ?? null,
			body: href === null ? (inline ?? []) : null,
			file,
			prefix: attributes.plain('prefix')?.value ?? null,
			condition: [...outer, ...readCondition(attributes, null, this.#reading)],
			place,
		});
	}

	#xsl(element: XmlElement, condition: Condition): void {
		if (condition.length > 0) {
			const message = `<xsl:${element.local}> is always in force: conditions around it do not reach it.`;
			this.#reading.diagnostics.warn('unconditional-xsl', message, element.place);
		}
		const read = readElement(element, STYLESHEET_MARKUP, this.#reading);
		this.#reading.draft.xsl.push(...readStylesheetElement(read, this.#reading));
	}

	#unknown(element: XmlElement): void {
		const { local, namespace, place, namespaces } = element;
		const prefix = [...namespaces].find(([prefix, uri]) => prefix !== '' && isRules(uri))?.[0];
		const known = namespace === '' && RULE_ELEMENTS.includes(local) && prefix !== undefined;
		const hint = known ? `Write <${prefix}:${local}>.` : (didYouMean(local, RULE_ELEMENTS) ?? usage(local));
		const name = qualifiedName(element);
		const message = known ? `<${name}> is in no namespace.` : `There is no element '${name}' in rules.`;
		this.#reading.passedOver('unknown-element', message, place, hint);
	}
}

function usage(local: string): string {
	return local === 'include' ? '<include> stands inside a rule.' : `There are ${RULE_ELEMENTS.join(', ')}.`;
}

/** The words alone, without the indentation around them. */
function textPlace(text: string, { file, offset }: Place): Place {
	return { file, offset: offset + text.length - text.trimStart().length, length: text.trim().length };
}
