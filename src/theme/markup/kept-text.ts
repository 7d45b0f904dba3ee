/** Text that grows, by new pieces and by stretches of sources; stretches that stand side by side are taken out as one. */
import type { Tree } from '../tree/index.ts';

export class KeptText {
	private text = '';
	private tree: Tree | null = null;
	private start = 0;
	private end = 0;

	put(text: string): void {
		this.flush();
		this.text += text;
	}

	/** What stands in the tree's source at [start, end). */
	keep(tree: Tree, start: number, end: number): void {
		if (start !== this.end || tree !== this.tree) {
			this.flush();
			this.tree = tree;
			this.start = start;
		}
		this.end = end;
	}

	/** All so far; from here on it begins anew. */
	take(): string {
		this.flush();
		const { text } = this;
		this.text = '';
		return text;
	}

	private flush(): void {
		if (this.tree === null) return;
		this.text += this.tree.source.slice(this.start, this.end);
		this.tree = null;
	}
}
