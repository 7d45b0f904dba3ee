/**
 * Whether what a rule brings in may be attributes of the element it is put into: `content="/html/@lang"`, or `xsl:attribute`
 * at the beginning of a body. A start tag that is text already must know before it is written.
 */
import type { Markup, Rule } from '../rules/index.ts';

export function mayWriteAttributes({ content, reference, body }: Rule): boolean {
	if (reference !== null) return false;
	if (content?.select.language === 'xpath' && !content.children && selectsAttributes(content.select.text)) return true;
	return body?.some(writes) ?? false;
}

/** Through instructions, but not into elements: attributes there are those of the elements. */
function writes(markup: Markup): boolean {
	if (markup.type !== 'element') return false;
	if (markup.namespace === 'diazo') return markup.attributes.some(isAttributeSelection);
	if (markup.namespace !== 'xsl') return false;
	const { name } = markup;
	if (name === 'attribute' || name === 'call-template') return true;
	if (name === 'apply-templates' || name === 'copy-of') return markup.attributes.some(isAttributeSelection);
	return name !== 'element' && markup.children.some(writes);
}

const isAttributeSelection = ({
	namespace,
	name,
	value,
}: {
	namespace: string;
	name: string;
	value: string;
}): boolean => namespace === '' && (name === 'select' || name === 'content') && selectsAttributes(value);

/** Whether the last step of any alternative is on the attribute axis. */
export function selectsAttributes(xpath: string): boolean {
	return withoutPredicates(xpath)
		.split('|')
		.some((path) => /(?:^|\/)\s*(?:@|attribute\s*::)[^/]*$/.test(path.trim()));
}

function withoutPredicates(xpath: string): string {
	let left = xpath.replace(/"[^"]*"|'[^']*'/g, '');
	for (let before = ''; before !== left; ) {
		before = left;
		left = left.replace(/\[[^[\]]*\]/g, '');
	}
	return left;
}
