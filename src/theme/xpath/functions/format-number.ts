/** XSLT's format-number() (section 12.3), as libxslt has it where the standard leaves it to Java's first DecimalFormat. */

import { type DecimalFormat, USUAL_FORMAT } from '../decimal-format.ts';
import { numberToString } from '../value.ts';

/** `prefix #,##0.00 suffix`, and after `;` another prefix and suffix for negative numbers. */
export function formatNumber(value: number, picture: string, format: DecimalFormat = USUAL_FORMAT): string {
	if (Number.isNaN(value)) return format.notANumber;
	const [positive = '', negative] = picture.split(format.patternSeparator);
	const minus = value < 0 || Object.is(value, -0);
	const { prefix, suffix, factor } = partsOf(minus && negative !== undefined ? negative : positive, format);
	const sign = minus && negative === undefined ? format.minusSign : '';
	if (!Number.isFinite(value)) return sign + prefix + format.infinity + suffix;
	return sign + prefix + digitsOf(Math.abs(value) * factor, partsOf(positive, format).number, format) + suffix;
}

interface Parts {
	readonly prefix: string;
	/** The picture of the number itself. */
	readonly number: string;
	readonly suffix: string;
	/** 100 for percent, 1000 for per mille. */
	readonly factor: number;
}

function partsOf(picture: string, format: DecimalFormat): Parts {
	const { digit, zeroDigit, decimalSeparator, groupingSeparator } = format;
	const active = [digit, zeroDigit, decimalSeparator, groupingSeparator];
	const characters = Array.from(picture);
	const first = characters.findIndex((one) => active.includes(one));
	const start = first === -1 ? characters.length : first;
	let end = start;
	while (end < characters.length && active.includes(characters[end] as string)) end++;
	const piece = (from: number, to?: number): string => characters.slice(from, to).join('');
	const [prefix, number, suffix] = [piece(0, start), piece(start, end), piece(end)];
	const around = prefix + suffix;
	const factor = around.includes(format.percent) ? 100 : around.includes(format.perMille) ? 1000 : 1;
	return { prefix, number, suffix, factor };
}

const count = (text: string, character: string): number => text.split(character).length - 1;

function digitsOf(value: number, picture: string, format: DecimalFormat): string {
	const { zeroDigit, digit, decimalSeparator, groupingSeparator } = format;
	const [whole = '', fraction = ''] = picture.split(decimalSeparator);
	const least = count(fraction, zeroDigit);
	const most = least + count(fraction, digit);
	const rounded = value < 1e21 ? value.toFixed(Math.min(most, 100)) : numberToString(value);
	let [before = '', after = ''] = rounded.split('.');
	after = after.slice(0, least) + after.slice(least).replace(/0+$/, '');
	before = before.replace(/^0+/, '').padStart(count(whole, zeroDigit), '0');
	// A zero stands in front unless the picture has its digits behind the separator only.
	if (before === '' && (after === '' || whole !== '')) before = '0';
	const group = Array.from(whole.slice(whole.lastIndexOf(groupingSeparator) + groupingSeparator.length)).length;
	const grouped = whole.includes(groupingSeparator) && group > 0 ? inGroups(before, group) : [before];
	const [left, right] = [grouped.map((one) => inDigits(one, zeroDigit)), inDigits(after, zeroDigit)];
	return left.join(groupingSeparator) + (right === '' ? '' : decimalSeparator + right);
}

/** Counted from the right; the first may be shorter. */
export function inGroups(digits: string, size: number): string[] {
	const groups: string[] = [];
	for (let end = digits.length; end > 0; end -= size) groups.unshift(digits.slice(Math.max(end - size, 0), end));
	return groups;
}

/** Digits of another script, which follow its zero. */
function inDigits(digits: string, zero: string): string {
	const code = zero.codePointAt(0) ?? 48;
	return code === 48 ? digits : digits.replace(/\d/g, (one) => String.fromCodePoint(code + Number(one)));
}
