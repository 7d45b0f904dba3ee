/** Diazo's `include` element: content or another document, in the middle of a body. */
import { RAW } from '../page/index.ts';
import type { IncludeMethod, MarkupElement, Selection, Test } from '../rules/index.ts';
import { attributeOf, type Instruction } from '../xslt/index.ts';
import { fromContent, fromReference, type RuleSetting } from './bring.ts';

/** Diazo's `include` inside a body. */
export function compileInclude(element: MarkupElement, setting: RuleSetting): Instruction {
	const fill = unconditional(element, setting);
	const condition = setting.questions.condition(testsOf(element));
	return condition.always ? fill : (frame, out) => void (condition.holds(frame) && fill(frame, out));
}

function unconditional(element: MarkupElement, setting: RuleSetting): Instruction {
	const value = (name: string): string | null => attributeOf(element, name)?.value ?? null;
	const content = selectionOf(element);
	const href = value('href');
	const method = methodOf(value('method'));
	const mode = value('mode');
	if (href !== null) {
		const place = attributeOf(element, 'href')?.place ?? element.place;
		return fromReference({ href, place, method, mode, timeout: null, onError: null }, content, setting).fill;
	}
	if (content !== null) return fromContent(content, method === 'raw' ? RAW : mode, setting).fill;
	setting.diagnostics.error('missing-attribute', 'include needs content or href.', element.place);
	return () => {};
}

const METHODS: ReadonlySet<string> = new Set(['document', 'transform', 'raw', 'ssi', 'ssiwait', 'esi']);

function methodOf(name: string | null): IncludeMethod | null {
	return name !== null && METHODS.has(name) ? (name as IncludeMethod) : null;
}

function selectionOf(element: MarkupElement): Selection | null {
	for (const attribute of element.attributes) {
		const { namespace, name, value, place } = attribute;
		if ((namespace !== '' && namespace !== 'css') || (name !== 'content' && name !== 'content-children')) continue;
		const prefix = element.attributes.find((one) => one.namespace === 'css' && one.name === 'prefix')?.value ?? null;
		const { namespaces } = element;
		const language = namespace === 'css' ? 'css' : 'xpath';
		return { select: { language, text: value, place, namespaces, prefix }, children: name === 'content-children' };
	}
	return null;
}

/** The conditions of the element itself, which are those of any rule. */
function testsOf(element: MarkupElement): Test[] {
	return element.attributes.flatMap((attribute): Test[] => {
		const { namespace, name, value, place } = attribute;
		if (namespace !== '' && namespace !== 'css') return [];
		const [, kind, what = ''] = /^(if-not|if)(?:-(content|path))?$/.exec(name) ?? [];
		if (kind === undefined) return [];
		const negated = kind === 'if-not';
		if (what === 'path') return [{ kind: 'path', patterns: value.split(/\s+/).filter(Boolean), negated, place }];
		const language = namespace === 'css' ? 'css' : 'xpath';
		const own = value.trim() === '' ? selectionOf(element)?.select : undefined;
		const expression = own ?? { language, text: value, place, namespaces: element.namespaces, prefix: null };
		return [{ kind: what === 'content' ? 'content' : 'expression', expression, negated }];
	});
}
