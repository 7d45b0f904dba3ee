/**
 * How far the body of an edit looks: at the node that is edited and what is in it, which has been read when the node is
 * written, or anywhere in the page, which then has to be complete.
 */
import type { Markup, MarkupAttribute } from '../rules/index.ts';
import type { Settlement } from '../tree/index.ts';

export function bodyReach(body: readonly Markup[]): Settlement {
	return body.some(looksAround) ? 'end' : 'start';
}

function looksAround(markup: Markup): boolean {
	if (markup.type !== 'element') return false;
	const { namespace, attributes, children } = markup;
	const isHtml = namespace !== 'xsl' && namespace !== 'diazo';
	const expressions = isHtml ? attributes.filter(({ value }) => value.includes('{')) : attributes;
	if (namespace === 'xsl' && markup.name === 'call-template') return true;
	if (namespace === 'diazo' && attributes.some(isTwin)) return true;
	return expressions.some(({ value }) => AROUND.test(value)) || children.some(looksAround);
}

/** A CSS selector of an include begins anywhere. */
const isTwin = ({ namespace }: MarkupAttribute): boolean => namespace === 'css';

/** A path from the root, a variable, what comes behind or lies around the node, and functions that find nodes by themselves. */
const AROUND = /(?:^|[^\w)\]*.@-])\/|\$|following|ancestor|parent|\.\.|\b(?:id|key|document|evaluate)\s*\(/;
