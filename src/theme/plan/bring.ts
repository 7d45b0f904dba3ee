/** What a rule brings in: selected content, another document, an include for somebody else to resolve, or its own body. */
import { cssToXPath } from '../css/index.ts';
import type { Diagnostics } from '../diagnostics/index.ts';
import type { Output } from '../output/index.ts';
import { applyTemplates, type Frame, RAW } from '../page/index.ts';
import type { IncludeMethod, MarkupElement, Reference, Rule, Selection } from '../rules/index.ts';
import { bothSettled, type Settlement } from '../tree/index.ts';
import { toString, type XPathValue } from '../xpath/index.ts';
import { compileMarkup, type Instruction, type MarkupSetting } from '../xslt/index.ts';
import type { Documents } from './documents.ts';
import { answerAt, type Questions } from './questions.ts';
import { compileSelector, selected } from './selector.ts';

/** What compiling a rule needs at hand. */
export interface RuleSetting extends MarkupSetting {
	readonly questions: Questions;
	readonly documents: Documents;
	/** How references are brought in when they do not say. */
	readonly includeMode: IncludeMethod;
	readonly diagnostics: Diagnostics;
}

export interface Brought {
	readonly fill: Instruction;
	readonly settlement: Settlement;
}

const NOTHING: Brought = { fill: () => {}, settlement: 'start' };

export function bring(rule: Rule, setting: RuleSetting): Brought {
	const own =
		rule.body === null ? NOTHING : { fill: compileMarkup(rule.body, setting), settlement: bodySettlement(rule.body) };
	if (rule.reference !== null) return fromReference(rule.reference, rule.content, setting);
	if (rule.theme === null || rule.content === null) return own;
	const brought = fromContent(rule.content, rule.raw ? RAW : rule.mode, setting);
	if (rule.body === null) return brought;
	const { fill } = brought;
	return {
		settlement: bothSettled(brought.settlement, own.settlement),
		fill: (frame, out) => {
			fill(frame, out);
			own.fill(frame, out);
		},
	};
}

/** Instructions may ask anything of the content; plain markup asks nothing. */
function bodySettlement(body: NonNullable<Rule['body']>): Settlement {
	const asks = (element: MarkupElement): boolean =>
		element.namespace === 'xsl' ||
		element.namespace === 'diazo' ||
		element.attributes.some(({ value }) => value.includes('{')) ||
		element.children.some((child) => child.type === 'element' && asks(child));
	return body.some((one) => one.type === 'element' && asks(one)) ? 'end' : 'start';
}

export function fromContent(selection: Selection, mode: string | null, { questions }: RuleSetting): Brought {
	const question = questions.content(selection);
	if (question === null) return NOTHING;
	return {
		// The start tag of body tells which element it is, and nothing of what is in it.
		settlement: question.settlement === 'body' ? 'end' : question.settlement,
		fill: (frame, out) => write(frame, answerAt(question, frame), mode, out),
	};
}

function write(frame: Frame, value: XPathValue, mode: string | null, out: Output): void {
	if (typeof value === 'object') applyTemplates(frame, value, mode, out);
	else out.text(toString(value), false);
}

export function fromReference(reference: Reference, content: Selection | null, setting: RuleSetting): Brought {
	const method = reference.method ?? setting.includeMode;
	if (method === 'raw' && reference.href === '' && content !== null) return fromContent(content, RAW, setting);
	if (method === 'ssi' || method === 'ssiwait' || method === 'esi') return marker(method, reference, content, setting);
	setting.documents.want(reference);
	const mode = reference.mode ?? (method === 'transform' ? null : RAW);
	const selector = content === null ? null : compileSelector(content.select, setting.diagnostics);
	const fill: Instruction = (frame, out) => {
		const tree = frame.document(reference.href);
		if (tree === null) return unavailable(reference, out);
		const root = frame.at(tree, 0, 1, 1);
		if (selector === null || content === null) applyTemplates(root, { tree, nodes: tree.children(0) }, mode, out);
		else write(root, selected(selector, content, root), mode, out);
	};
	return { fill, settlement: 'start' };
}

function unavailable({ href, onError }: Reference, out: Output): void {
	if (onError === 'fail') throw new Error(`'${href}' could not be fetched`);
	if (typeof onError === 'object' && onError !== null) out.text(onError.html, true);
}

/** SSI and ESI: the include is written for a server further out, with the selection in its query. */
function marker(method: IncludeMethod, { href }: Reference, content: Selection | null, setting: RuleSetting): Brought {
	const filter = content === null ? '' : filterOf(content, setting);
	const url = filter === '' ? href : `${href}${href.includes('?') ? '' : '?'};filter_xpath=${filter}`;
	if (method === 'esi') {
		return {
			settlement: 'start',
			fill: (_frame, out) => {
				out.start('esi:include', [{ name: 'src', value: url }]);
				out.end();
			},
		};
	}
	const text = `#include  virtual="${url}"${method === 'ssiwait' ? ' wait="yes"' : ''}`;
	return { settlement: 'start', fill: (_frame, out) => out.comment(text) };
}

function filterOf({ select, children }: Selection, { diagnostics }: RuleSetting): string {
	if (compileSelector(select, diagnostics) === null) return '';
	const xpath = select.language === 'css' ? cssToXPath(select.text, select.prefix ?? '//') : select.text;
	return uriEncoded(children ? `${xpath}/node()` : xpath);
}

/** As EXSLT's str:encode-uri with reserved characters left alone. */
function uriEncoded(text: string): string {
	return encodeURI(text).replaceAll('%5B', '[').replaceAll('%5D', ']').replaceAll('#', '%23');
}
