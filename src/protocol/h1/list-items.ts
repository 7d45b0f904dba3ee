import { trimmed } from '../../fields/index.ts';

/** The items of a comma-separated list without quoted strings, empty ones included (RFC 9110 section 5.6.1). */
export function listItems(value: string): string[] {
	return value.split(',').map((item) => trimmed(item));
}
