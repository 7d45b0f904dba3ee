/** What XSLT declares right under the root for functions to find: xsl:key and xsl:decimal-format (XSLT 1.0 section 12). */
import type { MarkupElement } from '../rules/index.ts';
import { type DecimalFormat, type Declared, USUAL_FORMAT } from '../xpath/index.ts';
import { attributeOf, nameOf } from './expressions.ts';
import { Keys } from './keys.ts';
import type { MarkupSetting } from './templates.ts';

/** The elements that are read here. */
export const DECLARATIONS: ReadonlySet<string> = new Set(['key', 'decimal-format']);

/** Attributes of xsl:decimal-format, and whether they hold one character. */
const FORMAT: Readonly<Record<string, readonly [member: keyof DecimalFormat, single: boolean]>> = {
	'decimal-separator': ['decimalSeparator', true],
	'grouping-separator': ['groupingSeparator', true],
	infinity: ['infinity', false],
	'minus-sign': ['minusSign', true],
	NaN: ['notANumber', false],
	percent: ['percent', true],
	'per-mille': ['perMille', true],
	'zero-digit': ['zeroDigit', true],
	digit: ['digit', true],
	'pattern-separator': ['patternSeparator', true],
};

/** `elements`: all that stand under the root, the least precedence first. */
export function compileDeclarations(elements: readonly MarkupElement[], setting: MarkupSetting): Declared {
	const keys = new Keys();
	const formats = new Map<string, DecimalFormat>();
	for (const element of elements) {
		if (element.name === 'key') keys.add(nameOf(element, setting), element, setting);
		else if (element.name === 'decimal-format') {
			formats.set(attributeOf(element, 'name')?.value ?? '', formatOf(element, setting));
		}
	}
	return {
		keyed: (name, value, tree, context) => keys.find(name, value, tree, context),
		decimalFormat: (name) => formats.get(name) ?? null,
	};
}

function formatOf(element: MarkupElement, { diagnostics }: MarkupSetting): DecimalFormat {
	const format: Record<keyof DecimalFormat, string> = { ...USUAL_FORMAT };
	for (const { namespace, name, value, place } of element.attributes) {
		if (namespace !== '' || name === 'name') continue;
		const [member, single] = Object.hasOwn(FORMAT, name) ? (FORMAT[name] ?? []) : [];
		if (member === undefined) {
			const hint = `There are name, ${Object.keys(FORMAT).join(', ')}.`;
			diagnostics.error('unknown-attribute', `xsl:decimal-format has no attribute '${name}'.`, place, hint);
		} else if (single === true && Array.from(value).length !== 1) {
			diagnostics.error('bad-value', `${name} is one character.`, place);
		} else format[member] = value;
	}
	return format;
}
