/** Amounts of bytes as people write them. */
import { shown } from '../names/index.ts';

const UNITS: Readonly<Record<string, number>> = { '': 1, b: 1, kb: 1_024, mb: 1_048_576, gb: 1_073_741_824 };

/** The bytes of `256MB`, `64 KB` or a number. Throws RangeError with the option's name for what is none. */
export function byteCount(option: string, given: string | number): number {
	if (typeof given === 'number' && given >= 0) return given;
	const [, number = '', unit = ''] = /^(\d{1,12}(?:\.\d{1,3})?) ?([KMG]?B)?$/i.exec(String(given)) ?? [];
	const bytes = Number(number) * (UNITS[unit.toLowerCase()] ?? 0);
	if (number === '' || typeof given === 'number')
		throw new RangeError(`cache: ${option} must be an amount of bytes such as 256MB, not ${shown(given)}`);
	return bytes;
}
