/** Puts parts where they belong while elements and blocks open and close. What was left open is closed where its parent is. */
import type { IncludeWarning, Part, PartTree } from './part.ts';

/** What is open. `dropped`: nothing inside of it stays. */
export type FrameKind = 'try' | 'attempt' | 'except' | 'dropped' | 'block';

interface Frame {
	readonly kind: FrameKind | 'root';
	/** Of the element or the block. */
	readonly name: string;
	readonly offset: number;
	readonly parts: Part[];
	/** Of a try: what stood in its `except`. */
	readonly except: Part[];
}

/** More than anybody writes; what is deeper is not opened. */
const MAX_NESTING = 16;

export class PartBuilder {
	private readonly blocks: Map<string, readonly Part[]> = new Map();
	private readonly warnings: IncludeWarning[] = [];
	private readonly frames: Frame[] = [{ kind: 'root', name: '', offset: 0, parts: [], except: [] }];

	add(part: Part): void {
		const frame = this.top;
		// Between `try` and its two parts there is nothing to be shown.
		if (part !== '' && frame.kind !== 'try') frame.parts.push(part);
	}

	open(kind: FrameKind, name: string, offset: number): void {
		if (this.frames.length > MAX_NESTING) return this.warn('nesting', `${name} is nested too deep`, offset);
		this.frames.push({ kind, name, offset, parts: [], except: [] });
	}

	/** Closes the innermost that is called so, and what was opened inside of it. */
	close(name: string, isBlock: boolean): void {
		const at = this.frames.findLastIndex(
			(frame) => frame.kind !== 'root' && (frame.kind === 'block') === isBlock && (isBlock || frame.name === name),
		);
		if (at === -1) return;
		while (this.frames.length > at + 1) this.fold(false);
		this.fold(true);
	}

	warn(code: string, message: string, offset: number): void {
		this.warnings.push({ code, message, offset });
	}

	finish(): PartTree {
		while (this.frames.length > 1) this.fold(false);
		return { parts: this.top.parts, blocks: this.blocks, warnings: this.warnings };
	}

	private get top(): Frame {
		return this.frames.at(-1) as Frame;
	}

	private fold(closed: boolean): void {
		const frame = this.frames.pop() as Frame;
		const { kind, name, parts, except } = frame;
		const { top } = this;
		if (!closed) this.warn('unclosed', `${name} is not closed`, frame.offset);
		if (kind === 'try') this.add({ kind: 'try', attempt: parts, except });
		else if (kind === 'except') {
			if (top.kind === 'try') move(parts, top.except);
		} else if (kind === 'attempt') move(parts, top.parts);
		else if (!closed) {
			// Better too much of a page than too little of it.
			for (const part of parts) this.add(part);
		} else if (kind === 'block') this.blocks.set(name, parts);
	}
}

function move(from: readonly Part[], to: Part[]): void {
	for (const part of from) to.push(part);
}
