/** XSLT's format-number() with the usual decimal format (section 12.3). */
import { numberToString } from '../value.ts';

/** `prefix #,##0.00 suffix`, and after `;` another prefix and suffix for negative numbers. */
export function formatNumber(value: number, pattern: string): string {
	if (Number.isNaN(value)) return 'NaN';
	const [positive = '', negative] = pattern.split(';');
	const minus = value < 0 || Object.is(value, -0);
	const format = partsOf(minus && negative !== undefined ? negative : positive);
	const sign = minus && negative === undefined ? '-' : '';
	if (!Number.isFinite(value)) return `${sign}${format.prefix}Infinity${format.suffix}`;
	const digits = digitsOf(Math.abs(value) * format.factor, partsOf(positive).number);
	return `${sign}${format.prefix}${digits}${format.suffix}`;
}

interface Format {
	readonly prefix: string;
	readonly number: string;
	readonly suffix: string;
	/** 100 for percent, 1000 for per mille. */
	readonly factor: number;
}

function partsOf(pattern: string): Format {
	const [, prefix = '', number = '', suffix = ''] = /^([^#0.,]*)([#0.,]*)(.*)$/s.exec(pattern) ?? [];
	const around = prefix + suffix;
	return { prefix, number, suffix, factor: around.includes('%') ? 100 : around.includes('‰') ? 1000 : 1 };
}

function digitsOf(value: number, format: string): string {
	const [whole = '', fraction = ''] = format.split('.');
	const least = fraction.replace(/[^0]/g, '').length;
	const rounded = value < 1e21 ? value.toFixed(Math.min(fraction.length, 100)) : numberToString(value);
	let [before = '', after = ''] = rounded.split('.');
	after = after.slice(0, least) + after.slice(least).replace(/0+$/, '');
	before = before.replace(/^0+/, '').padStart(whole.replace(/[^0]/g, '').length, '0');
	if (before === '' && after === '') before = '0';
	const group = whole.includes(',') ? whole.length - whole.lastIndexOf(',') - 1 : 0;
	if (group > 0) before = before.replace(new RegExp(`(?<=\\d)(?=(?:\\d{${group}})+$)`, 'g'), ',');
	return after === '' ? before : `${before}.${after}`;
}
