/** A place as plain data, for reports that are printed or turned into JSON. */
import { lineColumn, type Place } from '../diagnostics/index.ts';

export interface Where {
	readonly file: string;
	/** From 1; 0 where only the file is known. */
	readonly line: number;
	readonly column: number;
}

export function whereOf(place: Place): Where {
	const { name, text } = place.file;
	return text === '' ? { file: name, line: 0, column: 0 } : { file: name, ...lineColumn(place) };
}

/** `rules.xml:12:7`. */
export function whereText({ file, line, column }: Where): string {
	return line === 0 ? file : `${file}:${line}:${column}`;
}
