/** Where something stands in a file: an offset, told as line and column when somebody asks. */

/** A text that was read, and under which name people know it. */
export interface SourceFile {
	/** As shown in messages: a path as it was given, or `(inline rules)`. */
	readonly name: string;
	readonly text: string;
}

export interface Place {
	readonly file: SourceFile;
	/** In UTF-16 units from the start of the file's text. */
	readonly offset: number;
	/** How many units it covers; 0 when only the beginning is known. */
	readonly length: number;
}

/** 1-based, as editors count. */
export interface LineColumn {
	readonly line: number;
	readonly column: number;
}

export function lineColumn({ file, offset }: Place): LineColumn {
	let line = 1;
	let start = 0;
	for (let at = file.text.indexOf('\n'); at !== -1 && at < offset; at = file.text.indexOf('\n', at + 1)) {
		line++;
		start = at + 1;
	}
	return { line, column: offset - start + 1 };
}

/** `rules.xml:12:7`. */
export function placeName(place: Place): string {
	const { line, column } = lineColumn(place);
	return `${place.file.name}:${line}:${column}`;
}
