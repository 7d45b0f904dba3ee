/**
 * How far the body of an edit looks: at the node that is edited and what is in it, which has been read when the node is
 * written; at what is settled early, such as the head or the request; or anywhere in the page, which then has to be complete.
 */
import { cssToXPath } from '../css/index.ts';
import type { Markup, MarkupAttribute, MarkupElement } from '../rules/index.ts';
import { bothSettled, type Settlement } from '../tree/index.ts';
import { compileXPath, type XPath } from '../xpath/index.ts';
import { templateParts } from '../xslt/index.ts';
import type { Questions } from './questions.ts';

/** Attributes of instructions and includes that are expressions; others of instructions are templates or names. */
const XSL_EXPRESSIONS: ReadonlySet<string> = new Set(['select', 'test', 'value', 'count', 'from']);
const INCLUDE_EXPRESSIONS: ReadonlySet<string> = new Set([
	'content',
	'content-children',
	'if',
	'if-not',
	'if-content',
	'if-not-content',
]);
/** They bring in what stands elsewhere in the sheet. */
const ATTRIBUTE_SETS = 'use-attribute-sets';

export function bodyReach(body: readonly Markup[], questions: Questions): Settlement {
	return new BodyReach(body, questions).of(body);
}

class BodyReach {
	private readonly questions: Questions;
	/** What the body declares is as settled as what it is declared from, which stands in the body, too. */
	private readonly declared: ReadonlySet<string>;

	constructor(body: readonly Markup[], questions: Questions) {
		this.questions = questions;
		this.declared = new Set(declaredIn(body));
	}

	of(body: readonly Markup[]): Settlement {
		return body.reduce<Settlement>((all, one) => {
			if (one.type !== 'element') return all;
			return bothSettled(all, bothSettled(this.element(one), this.of(one.children)));
		}, 'start');
	}

	private element(element: MarkupElement): Settlement {
		const { namespace, name, attributes } = element;
		if (namespace === 'xsl' && name === 'call-template') return 'end';
		return attributes.reduce<Settlement>((all, one) => bothSettled(all, this.attribute(one, element)), 'start');
	}

	private attribute(attribute: MarkupAttribute, element: MarkupElement): Settlement {
		const { namespace, namespaces } = element;
		const { name, value } = attribute;
		if (name === ATTRIBUTE_SETS || name.endsWith(`:${ATTRIBUTE_SETS}`)) return 'end';
		const isCss = attribute.namespace === 'css';
		if (namespace === 'diazo') {
			// A selector of an include begins anywhere.
			if (isCss) return 'end';
			return INCLUDE_EXPRESSIONS.has(name) ? this.expression(value, attribute, namespaces) : 'start';
		}
		if (namespace === 'xsl' && XSL_EXPRESSIONS.has(name)) {
			if (isCss && element.attributes.some(isPrefix)) return 'end';
			return this.expression(isCss ? () => cssToXPath(value, 'descendant-or-self::') : value, attribute, namespaces);
		}
		if (isCss || !value.includes('{')) return 'start';
		return (templateParts(value) ?? []).reduce<Settlement>((all, part) => {
			return typeof part === 'string' ? all : bothSettled(all, this.expression(part.source, attribute, namespaces));
		}, 'start');
	}

	private expression(
		source: string | (() => string),
		{ place: { file } }: MarkupAttribute,
		namespaces: ReadonlyMap<string, string>,
	): Settlement {
		let xpath: XPath;
		try {
			xpath = compileXPath(typeof source === 'string' ? source : source(), { namespaces, file });
		} catch {
			// Who compiles the body tells what is wrong with it.
			return 'end';
		}
		const variables = new Set([...xpath.variables].filter((name) => !this.declared.has(name)));
		return this.questions.settlementOf({
			variables,
			settlement: (uniqueIds, asked) => {
				if (xpath.isWithin) return 'start';
				return xpath.absolute ? xpath.settlement(uniqueIds, asked) : 'end';
			},
		});
	}
}

/** Where the selectors of the element begin, in place of the node at hand. */
const isPrefix = ({ namespace, name }: MarkupAttribute): boolean => namespace === 'css' && name === 'prefix';

function declaredIn(body: readonly Markup[]): string[] {
	return body.flatMap((one) => {
		if (one.type !== 'element') return [];
		const within = declaredIn(one.children);
		if (one.namespace !== 'xsl' || (one.name !== 'variable' && one.name !== 'param')) return within;
		const name = one.attributes.find((attribute) => attribute.namespace === '' && attribute.name === 'name')?.value;
		return name === undefined ? within : [name, ...within];
	});
}
