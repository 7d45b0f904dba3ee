/** Rule 2 for field lists: their shape, and that nothing in them could not be sent. */
import { checkName, checkValue, type Fields } from '../fields/index.ts';
import { LintError } from './lint-error.ts';

const METHODS = ['get', 'all', 'has', 'set', 'append', 'delete'] as const;

export function lintFields(fields: Fields, what: string): void {
	const shaped =
		typeof fields === 'object' && fields !== null && METHODS.every((name) => typeof fields[name] === 'function');
	if (!shaped) throw new LintError(2, `The fields of a ${what} are not Fields`);
	const { raw } = fields;
	if (!Array.isArray(raw) || raw.length % 2 !== 0) throw new LintError(2, `The raw fields of a ${what} are not pairs`);
	for (let i = 0; i < raw.length; i += 2) {
		try {
			checkName(raw[i] as string);
			checkValue(raw[i + 1] as string);
		} catch (error) {
			throw new LintError(2, `A ${what} has a field that cannot be sent. ${(error as Error).message}`);
		}
	}
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what it looks for
const NOT_BYTES = /[^\x21-\x7e\x80-\xff]/;

/** Whether `text` is a non-empty byte string without white space and controls, as targets are. */
export function isByteString(text: unknown): text is string {
	return typeof text === 'string' && text !== '' && !NOT_BYTES.test(text);
}
