/**
 * Reloads, one at a time: one that is asked for while another is under way comes behind it, once. What goes wrong is told, and what
 * was served before is served on.
 */
import { watch } from 'node:fs';
import { messageOf } from './start-error.ts';

/** Milliseconds in which changes of files count as one: editors write several. */
const TOGETHER = 200;
/** What a configuration may import. */
const CODE = /\.(?:[cm]?[jt]s|json)$/;
const ELSEWHERE = /(?:^|[/\\])(?:node_modules|\.[^/\\]+)[/\\]/;

export class Reloading {
	private readonly reload: () => Promise<void>;
	private readonly say: (line: string) => void;
	private running = false;
	private again = false;

	/** `reload` rejects with what is to be told. */
	constructor(reload: () => Promise<void>, say: (line: string) => void) {
		this.reload = reload;
		this.say = say;
	}

	trigger(): void {
		if (this.running) {
			this.again = true;
			return;
		}
		this.running = true;
		this.reload()
			.then(
				() => this.say('reloaded'),
				(error: unknown) => this.say(`not reloaded: ${messageOf(error)}`),
			)
			.finally(() => {
				this.running = false;
				if (!this.again) return;
				this.again = false;
				this.trigger();
			});
	}

	/** Reloads whenever code in `folder` has changed. Gives a function that ends it. */
	follow(folder: string): () => void {
		let timer: NodeJS.Timeout | null = null;
		const watcher = watch(folder, { recursive: true }, (_event, name) => {
			if (name === null || !CODE.test(name) || ELSEWHERE.test(name)) return;
			if (timer !== null) clearTimeout(timer);
			timer = setTimeout(() => this.trigger(), TOGETHER).unref();
		});
		// A folder that goes away is no reason to stop.
		watcher.on('error', (error) => this.say(`not watched any more: ${messageOf(error)}`));
		watcher.unref();
		return () => watcher.close();
	}
}
