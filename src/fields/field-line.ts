/** One line of a field section that our side has made. It never changes, so lists may share it, and keeps its text for the wire. */
export class FieldLine {
	readonly tag: number;
	readonly name: string;
	readonly value: string;
	private written: string | null = null;

	/** Checks nothing: for names and values that are known to be sound. `tag` is that of the name. */
	constructor(tag: number, name: string, value: string) {
		this.tag = tag;
		this.name = name;
		this.value = value;
	}

	/** As HTTP/1.1 writes it, CRLF included. */
	get text(): string {
		this.written ??= this.name + ': ' + this.value + '\r\n';
		return this.written;
	}
}
