/** What a case of the matrix is: a sentence that holds on every engine, or what holds instead where an ability is missing. */
import type { Abilities } from '../../src/convention/index.ts';
import { pause, until } from '../support/until.ts';
import type { Started, Subject } from './engines.ts';
import type { Ask, Client, TalkEnd, TalkHead } from './talk.ts';

/** What an engine lacks that no app has to ask for: what another's HTTP does in its own way. */
export type Trait =
	/** Targets come as they were sent. */
	| 'exact targets'
	/** 100 Continue waits for the app. */
	| 'late 100'
	/** A connection can be dropped without an answer. */
	| 'silence'
	/** A 205 says that nothing follows. */
	| 'ended 205';

export interface Case {
	/** A behaviour, as a sentence. */
	readonly name: string;
	readonly run: (bench: Bench) => Promise<void>;
	/** The ability or trait that it takes, with what is seen without it. */
	readonly needs?: {
		readonly ability: keyof Abilities | Trait;
		/** For the page: the substitute in a few words. */
		readonly otherwise: string;
		readonly run: (bench: Bench) => Promise<void>;
	};
}

/** Whether the substitute is run on that engine. */
export function lacks({ can, lacking = [] }: Subject, { needs }: Case): boolean {
	if (needs === undefined) return false;
	const { ability } = needs;
	return Object.hasOwn(can, ability) ? !can[ability as keyof Abilities] : lacking.includes(ability as Trait);
}

export interface Theme {
	readonly title: string;
	readonly cases: readonly Case[];
}

export interface Whole extends TalkEnd {
	readonly head: TalkHead;
}

let keys = 0;

/** A running engine as cases use it. */
export class Bench {
	readonly client: Client;
	readonly protocol: Started['protocol'];

	constructor(started: Started) {
		this.client = started.client;
		this.protocol = started.protocol;
	}

	/** A key for the journal that nobody has used. */
	key(): string {
		keys += 1;
		return `k${keys}`;
	}

	/** A whole exchange; `pieces` are the body, if there is one. */
	async ask(ask: Ask, pieces: readonly (string | Uint8Array)[] | null = null): Promise<Whole> {
		const talk = this.client.open(pieces === null ? ask : { ...ask, body: true });
		for (const piece of pieces ?? []) talk.send(piece);
		// A body with a length ends by itself; half-closing would say more than that.
		const sized = ask.fields?.some(([name]) => name.toLowerCase() === 'content-length') === true;
		if (pieces !== null && !(sized && this.protocol === 'h1')) talk.finish();
		const head = await talk.head();
		if (head === null) throw new Error(`No answer to ${ask.target}`);
		return { head, ...(await talk.end()) };
	}

	async text(target: string): Promise<string> {
		return (await this.ask({ target })).text;
	}

	/** What has happened under that key. */
	async journal(key: string): Promise<string[]> {
		const text = await this.text(`/journal/${key}`);
		return text === '' ? [] : text.split('\n');
	}

	/** Waits until the journal holds a line that begins so. */
	async noted(key: string, start: string): Promise<string> {
		let found: string | undefined;
		const deadline = Date.now() + 6_000;
		while (found === undefined) {
			const lines = await this.journal(key);
			found = lines.find((line) => line.startsWith(start));
			if (found !== undefined) break;
			if (Date.now() > deadline) throw new Error(`No "${start}" among ${lines.join(', ')}`);
			// Each question is a connection.
			await pause(3);
		}
		return found;
	}

	/** Lets go of what waits under that key. */
	async release(key: string): Promise<void> {
		let answer = '';
		const deadline = Date.now() + 6_000;
		while (answer !== 'released') {
			answer = await this.text(`/release/${key}`);
			if (answer === 'released') break;
			await pause(3);
			if (Date.now() > deadline) throw new Error(`Nothing waits under ${key}`);
		}
	}

	until(probe: () => boolean, what: string): Promise<void> {
		return until(probe, what);
	}
}
