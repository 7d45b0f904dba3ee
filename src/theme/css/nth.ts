/** `an+b` of :nth-child and its kin. */

export interface Step {
	readonly a: number;
	readonly b: number;
}

const FORMULA = /^(?:([+-]?\d*)n(?:\s*([+-])\s*(\d+))?|([+-]?\d+))$/;

/** `odd`, `even`, `3`, `2n + 1`, `-n+3`; null for anything else. */
export function parseStep(text: string): Step | null {
	const formula = text.trim().toLowerCase();
	if (formula === 'odd') return { a: 2, b: 1 };
	if (formula === 'even') return { a: 2, b: 0 };
	const match = FORMULA.exec(formula);
	if (match === null) return null;
	const [, factor, sign, rest, only] = match;
	if (only !== undefined) return { a: 0, b: Number(only) };
	const a = factor === '' || factor === '+' ? 1 : factor === '-' ? -1 : Number(factor);
	return { a, b: rest === undefined ? 0 : Number(`${sign}${rest}`) };
}

/** Whether `position`, from 1, is one of an+b for n = 0, 1, 2 … */
export function isStep({ a, b }: Step, position: number): boolean {
	const beyond = position - b;
	return a === 0 ? beyond === 0 : beyond % a === 0 && beyond / a >= 0;
}
