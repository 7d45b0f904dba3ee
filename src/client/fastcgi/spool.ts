/**
 * A request's body, taken in whole before an application is asked, as nginx does it. PHP reads as much as CONTENT_LENGTH
 * says, so the length must be known first; and when it reads ABORT_REQUEST or the end of the connection instead, it runs
 * the script all the same, with what there is of the body or none: what was cut short must not get that far. Slow
 * clients keep no child of php-fpm's busy either. What fits is kept in memory, the rest goes to a file that is gone when
 * the body has been sent or is not wanted any more.
 */
import { type FileHandle, open, unlink } from 'node:fs/promises';
import { asError, copied, fileSource, type Sink, type Source } from '../../bytes/index.ts';
import { HttpError } from '../../convention/index.ts';
import type { FastCgiRequestBody } from './options.ts';
import { mismatch } from './stdin-writer.ts';

export interface SpoolOwner {
	/** All has come: the bytes, or a source of them with its length. */
	spooled(content: Uint8Array | Source): void;
	spoolFailed(error: Error): void;
}

export class Spool implements Sink {
	private readonly source: Source;
	private readonly rules: FastCgiRequestBody;
	private readonly owner: SpoolOwner;
	private pieces: Uint8Array[] = [];
	private kept = 0;
	private length = 0;
	private path: string | null = null;
	/** A write to the file is under way; `ended` waits for it. */
	private writing = false;
	private ended = false;
	private over = false;
	private file: FileHandle | null = null;

	constructor(source: Source, rules: FastCgiRequestBody, owner: SpoolOwner) {
		this.source = source;
		this.rules = rules;
		this.owner = owner;
	}

	begin(): void {
		this.source.start(this);
	}

	write(chunk: Uint8Array): boolean {
		if (this.over) return false;
		this.length += chunk.length;
		if (this.length > this.rules.most) {
			this.settle(new HttpError(413));
			return false;
		}
		this.pieces.push(copied(chunk));
		this.kept += chunk.length;
		if (this.kept <= this.rules.memory) return true;
		this.flush();
		return false;
	}

	end(): void {
		if (this.source.length !== null && this.length !== this.source.length) return this.settle(mismatch());
		this.ended = true;
		if (!this.writing) this.finish();
	}

	fail(reason: Error): void {
		this.settle(reason);
	}

	/** Nobody wants it any more. */
	cancel(reason: unknown): void {
		if (this.over) return;
		this.drop();
		this.source.cancel(reason);
	}

	private flush(): void {
		this.writing = true;
		this.store().then(
			() => {
				this.writing = false;
				if (this.over) this.discardFile();
				else if (this.ended) this.finish();
				else this.source.resume();
			},
			(error: unknown) => {
				this.writing = false;
				this.settle(asError(error));
				this.discardFile();
			},
		);
	}

	private async store(): Promise<void> {
		const { pieces } = this;
		this.pieces = [];
		this.kept = 0;
		if (this.file === null) {
			const path = `${this.rules.folder}/turnabout-body-${crypto.randomUUID()}`;
			this.file = await open(path, 'wx', 0o600);
			this.path = path;
		}
		for (const piece of pieces) await this.file.writeFile(piece);
	}

	private finish(): void {
		if (this.over) return;
		if (this.path === null) {
			this.over = true;
			this.owner.spooled(Buffer.concat(this.pieces));
		} else if (this.kept > 0) {
			this.flush();
		} else {
			this.over = true;
			const { path, length } = this;
			this.closeFile();
			this.owner.spooled(new OnceFile(path, length));
		}
	}

	private settle(error: Error): void {
		if (this.over) return;
		this.drop();
		this.source.cancel(error);
		this.owner.spoolFailed(error);
	}

	private drop(): void {
		this.over = true;
		this.pieces = [];
		if (!this.writing) this.discardFile();
	}

	private discardFile(): void {
		this.closeFile();
		if (this.path !== null) remove(this.path);
		this.path = null;
	}

	private closeFile(): void {
		const { file } = this;
		this.file = null;
		// What was written is there, whatever closing says.
		file?.close().catch(() => {});
	}
}

/** A file that is removed when it has been read, or will not be. */
class OnceFile implements Source, Sink {
	readonly length: number;
	private readonly path: string;
	private readonly source: Source;
	private sink: Sink | null = null;

	constructor(path: string, length: number) {
		this.path = path;
		this.length = length;
		this.source = fileSource({ path, start: 0, length });
	}

	start(sink: Sink): void {
		this.sink = sink;
		this.source.start(this);
	}

	resume(): void {
		this.source.resume();
	}

	cancel(reason?: unknown): void {
		this.sink = null;
		this.source.cancel(reason);
		remove(this.path);
	}

	write(chunk: Uint8Array): boolean {
		return this.sink?.write(chunk) ?? true;
	}

	end(): void {
		remove(this.path);
		this.sink?.end();
	}

	fail(reason: Error): void {
		remove(this.path);
		this.sink?.fail(reason);
	}
}

function remove(path: string): void {
	// It may be gone already; if it cannot be removed, nobody here can help it.
	unlink(path).catch(() => {});
}
