/** The characters of format-number() (XSLT 1.0, section 12.3): in what it writes, and in the pictures it is given. */

export interface DecimalFormat {
	readonly infinity: string;
	readonly decimalSeparator: string;
	readonly groupingSeparator: string;
	readonly minusSign: string;
	readonly notANumber: string;
	readonly percent: string;
	readonly perMille: string;
	readonly zeroDigit: string;
	readonly digit: string;
	readonly patternSeparator: string;
}

export const USUAL_FORMAT: DecimalFormat = {
	infinity: 'Infinity',
	decimalSeparator: '.',
	groupingSeparator: ',',
	minusSign: '-',
	notANumber: 'NaN',
	percent: '%',
	perMille: '\u2030',
	zeroDigit: '0',
	digit: '#',
	patternSeparator: ';',
};
