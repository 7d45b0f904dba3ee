/** How long an answer may take. */
import { checkNames, shown } from '../../names/index.ts';

export interface TimeoutOptions {
	/** Milliseconds until the head of the answer must be there. */
	readonly answer: number;
	/** Milliseconds until all of the answer must be out, from the same start; it is cut off then. 0 (default): as long as it takes. */
	readonly total?: number;
	/** Milliseconds that a tunnel may last; it is dropped then. 0 (default): as long as it takes. */
	readonly tunnel?: number;
}

export interface Settings {
	readonly answer: number;
	readonly total: number;
	readonly tunnel: number;
}

/** Half a year. What is longer was meant as something else. */
const LONGEST = 15_768_000_000;

/** Throws TypeError or RangeError for what cannot be meant, naming the option. */
export function settingsOf(options: number | TimeoutOptions): Settings {
	if (typeof options !== 'number' && (typeof options !== 'object' || options === null)) {
		throw new TypeError(`timeout: ${shown(options)} is neither milliseconds nor options`);
	}
	const given: TimeoutOptions = typeof options === 'number' ? { answer: options } : options;
	checkNames('timeout: ', given, ['answer', 'total', 'tunnel']);
	const { answer, total = 0, tunnel = 0 } = given;
	checkTime('answer', answer, 1);
	checkTime('total', total, 0);
	checkTime('tunnel', tunnel, 0);
	if (total > 0 && total < answer)
		throw new RangeError(`timeout: total is ${total}, less than answer, which is ${answer}`);
	return { answer, total, tunnel };
}

function checkTime(name: string, value: unknown, least: number): void {
	if (typeof value !== 'number') throw new TypeError(`timeout: ${name} is ${shown(value)}, not milliseconds`);
	if (!Number.isSafeInteger(value) || value < least || value > LONGEST) {
		throw new RangeError(`timeout: ${name} is ${value}, not whole milliseconds from ${least}`);
	}
}
