/** Text for XML, escaped as libxml2 does it; characters XML does not have are left out. */

const TEXT_MARKS = /[&<>\r]/g;
const VALUE_MARKS = /[&<>"\n\r\t]/g;
// biome-ignore lint/suspicious/noControlCharactersInRegex: those that XML does not have
const IMPOSSIBLE =
	/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g;
const REFERENCES: Readonly<Record<string, string>> = {
	'&': '&amp;',
	'<': '&lt;',
	'>': '&gt;',
	'"': '&quot;',
	'\n': '&#10;',
	'\r': '&#13;',
	'\t': '&#9;',
};
const reference = (mark: string): string => REFERENCES[mark] as string;

/** Text with neither marks nor anything that may be impossible: most of it. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: those that XML does not have
const UNUSUAL = /[\u0000-\u0008\u000b-\u001f&<>\ud800-\udfff\ufffe\uffff]/;
// biome-ignore lint/suspicious/noControlCharactersInRegex: those that XML does not have
const UNUSUAL_VALUE = /[\u0000-\u001f&<>"\ud800-\udfff\ufffe\uffff]/;

export function xmlText(text: string): string {
	if (!UNUSUAL.test(text)) return text;
	return text.replace(IMPOSSIBLE, '').replace(TEXT_MARKS, reference);
}

/** Text of a script or style: in a CDATA section where it would have to be escaped. */
export function xmlCode(text: string): string {
	if (!/[<&]|\]\]>/.test(text)) return xmlText(text);
	return `<![CDATA[${text.replaceAll(']]>', ']]]]><![CDATA[>')}]]>`;
}

export function xmlValue(value: string): string {
	if (!UNUSUAL_VALUE.test(value)) return value;
	return value.replace(IMPOSSIBLE, '').replace(VALUE_MARKS, reference);
}

export function xmlComment(text: string): string {
	return text
		.replace(IMPOSSIBLE, '')
		.replace(/-(?=-)/g, '- ')
		.replace(/-$/, '- ');
}

const START =
	'A-Z_a-z\\u00c0-\\u00d6\\u00d8-\\u00f6\\u00f8-\\u02ff\\u0370-\\u037d\\u037f-\\u1fff\\u200c\\u200d\\u2c00-\\ud7ff';
const XML_NAME = new RegExp(`^[${START}][${START}\\-.0-9\\u00b7]*(?::[${START}][${START}\\-.0-9\\u00b7]*)?$`);

/** Whether it may name an element or attribute; with one colon at most, and something on both sides of it. */
export function isXmlName(name: string): boolean {
	return XML_NAME.test(name);
}
