/**
 * The response's payload on its way to the client: counts what goes out, holds it against a declared Content-Length
 * (rule 6), and never lets what was cut short look complete (rule 7).
 */
import { asError, type Sink, type Source } from '../../bytes/index.ts';
import { ProtocolError } from '../../convention/index.ts';
import { FieldList, type Fields } from '../../fields/index.ts';
import type { MemoryPipe } from './memory-pipe.ts';

export class ResponsePump implements Sink {
	/** Bytes handed on so far. */
	bytes = 0;
	private readonly source: Source;
	private readonly pipe: MemoryPipe;
	private readonly declared: number | null;
	private readonly trailing: (() => Fields | Promise<Fields>) | undefined;
	/** Fields behind the last byte go to `done`, or the error. */
	private readonly done: (error: Error | null, trailers: FieldList | null) => void;
	private over = false;

	constructor(
		source: Source,
		pipe: MemoryPipe,
		declared: number | null,
		trailing: (() => Fields | Promise<Fields>) | undefined,
		done: (error: Error | null, trailers: FieldList | null) => void,
	) {
		this.source = source;
		this.pipe = pipe;
		this.declared = declared;
		this.trailing = trailing;
		this.done = done;
	}

	start(): void {
		this.pipe.ondrain = () => {
			if (!this.over) this.source.resume();
		};
		try {
			this.source.start(this);
		} catch (error) {
			this.fail(asError(error));
		}
	}

	write(chunk: Uint8Array): boolean {
		if (this.over) return false;
		this.bytes += chunk.length;
		if (this.declared !== null && this.bytes > this.declared) {
			this.stop(lengthError('The payload is longer than its Content-Length'));
			return false;
		}
		return this.pipe.write(chunk);
	}

	end(trailers?: Fields): void {
		if (this.over) return;
		if (this.declared !== null && this.bytes < this.declared) {
			this.fail(lengthError('The payload is shorter than its Content-Length'));
		} else if (this.trailing === undefined) {
			this.finish(trailers === undefined ? null : FieldList.of(trailers));
		} else {
			void this.askTrailers(trailers, this.trailing);
		}
	}

	fail(reason: Error): void {
		if (this.over) return;
		this.over = true;
		this.pipe.fail(reason);
		this.done(reason, null);
	}

	/** The client has left, or something else went wrong on this side. */
	stop(reason: Error): void {
		if (this.over) return;
		this.fail(reason);
		this.source.cancel(reason);
	}

	private async askTrailers(first: Fields | undefined, trailing: () => Fields | Promise<Fields>): Promise<void> {
		const list = first === undefined ? FieldList.empty() : FieldList.of(first);
		try {
			for (const [name, value] of await trailing()) list.append(name, value);
		} catch (error) {
			return this.fail(asError(error));
		}
		this.finish(list);
	}

	private finish(trailers: FieldList | null): void {
		if (this.over) return;
		this.over = true;
		if (trailers === null) this.pipe.end();
		else this.pipe.end(trailers);
		this.done(null, trailers);
	}
}

function lengthError(message: string): ProtocolError {
	return new ProtocolError({ side: 'local', code: 'CONTENT_LENGTH', message });
}
