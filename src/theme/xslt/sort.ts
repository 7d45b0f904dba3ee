/** xsl:sort (XSLT 1.0 section 10). */
import type { Frame } from '../page/index.ts';
import type { MarkupElement } from '../rules/index.ts';
import type { NodeRef, NodeSet } from '../tree/index.ts';
import type { XPath } from '../xpath/index.ts';
import { expressionText, optionalTemplate, type ValueTemplate, xpathAt } from './expressions.ts';
import { spendSteps } from './spend.ts';
import type { MarkupSetting } from './templates.ts';

export interface Ordering {
	readonly by: XPath;
	/** Templates of the attributes; null where one is not there. */
	readonly dataType: ValueTemplate | null;
	readonly order: ValueTemplate | null;
	readonly caseOrder: ValueTemplate | null;
	readonly language: ValueTemplate | null;
}

/** The xsl:sort children of an instruction, the most significant first. */
export function sortings(element: MarkupElement, setting: MarkupSetting): readonly Ordering[] {
	return element.children.flatMap((child) => {
		if (child.type !== 'element' || child.namespace !== 'xsl' || child.name !== 'sort') return [];
		const found = expressionText(setting.diagnostics, child, 'select') ?? { text: '.', place: child.place };
		const by = xpathAt(setting.diagnostics, found.text, child.namespaces, found.place);
		const template = (name: string): ValueTemplate | null => optionalTemplate(child, name, setting);
		if (by === null) return [];
		const [dataType, order] = [template('data-type'), template('order')];
		return [{ by, dataType, order, caseOrder: template('case-order'), language: template('lang') }];
	});
}

/** One key, for the nodes of one run. */
interface Key {
	readonly of: (frame: Frame) => string | number;
	readonly compare: (a: string | number, b: string | number) => number;
}

/** The nodes in the order asked for; as they were where none is. */
export function ordered(set: NodeSet, orderings: readonly Ordering[], frame: Frame): NodeSet {
	if (orderings.length === 0 || set.nodes.length < 2) return set;
	const { tree, nodes } = set;
	spendSteps(frame, nodes.length * orderings.length);
	const keys = orderings.map((one) => keyFor(one, frame));
	const entries = nodes.map((node, index) => {
		const at = frame.at(tree, node, index + 1, nodes.length);
		return { node, values: keys.map((key) => key.of(at)) };
	});
	const sorted = entries.toSorted((a, b) => {
		for (let i = 0; i < keys.length; i++) {
			const difference = keys[i]?.compare(a.values[i] as string | number, b.values[i] as string | number) ?? 0;
			if (difference !== 0) return difference;
		}
		return 0;
	});
	return { tree, nodes: sorted.map(({ node }): NodeRef => node) };
}

function keyFor({ by, dataType, order, caseOrder, language }: Ordering, frame: Frame): Key {
	const sign = order?.(frame) === 'descending' ? -1 : 1;
	if (dataType?.(frame) === 'number') {
		return { of: (at) => by.number(at), compare: (a, b) => sign * compareNumbers(Number(a), Number(b)) };
	}
	const { compare } = collatorFor(language?.(frame) ?? '', caseOrder?.(frame) ?? '');
	return { of: (at) => by.string(at), compare: (a, b) => sign * compare(String(a), String(b)) };
}

/** What is no number comes first. */
function compareNumbers(a: number, b: number): number {
	if (Number.isNaN(a)) return Number.isNaN(b) ? 0 : -1;
	if (Number.isNaN(b)) return 1;
	return a < b ? -1 : a > b ? 1 : 0;
}

/** Languages come from rules, or from pages: not every word is kept. */
const KEPT = 50;
const collators = new Map<string, Intl.Collator>();

/** Without a language the same on every machine. */
function collatorFor(language: string, caseOrder: string): Intl.Collator {
	const key = `${caseOrder} ${language}`;
	const known = collators.get(key);
	if (known !== undefined) return known;
	const caseFirst = caseOrder === 'upper-first' ? 'upper' : caseOrder === 'lower-first' ? 'lower' : 'false';
	const made = collator(language, caseFirst);
	if (collators.size < KEPT) collators.set(key, made);
	return made;
}

const USUAL_LANGUAGE = 'en';

function collator(language: string, caseFirst: 'upper' | 'lower' | 'false'): Intl.Collator {
	try {
		return new Intl.Collator(
			[language, USUAL_LANGUAGE].filter((one) => one !== ''),
			{ caseFirst },
		);
	} catch {
		return new Intl.Collator(USUAL_LANGUAGE, { caseFirst });
	}
}
