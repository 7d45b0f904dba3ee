/** The elements a writer has open, and the state inside each; below them the state of the place it writes to. */
import { canGiveWay, conflicts, ruleOf } from './nesting.ts';

const NONE = -1;
/** How many open elements are looked through for one that would take a start tag; deeper, the tag is left out. */
const LOOK_BACK = 200;

export class OpenTags {
	/** How many elements are open. */
	count = 0;
	private readonly names: string[] = [''];
	private readonly states: number[];
	private readonly serials: number[] = [0];
	private serial = 0;
	/** For each start tag that was asked for and not yet ended: where its element is, or NONE; and its serial number. */
	private readonly askedLevels: number[] = [];
	private readonly askedSerials: number[] = [];
	/** Whether the last start tag was refused, rather than not needed. */
	wasRefused = false;

	constructor(outer: number) {
		this.states = [outer];
	}

	/** The state where something is written now. */
	get state(): number {
		return this.states[this.count] as number;
	}

	/** Of the element that is open last; '' when none is. */
	get name(): string {
		return this.names[this.count] as string;
	}

	/** How many elements have to stay open for this start tag: all, fewer, or NONE when it fits nowhere. */
	levelFor(name: string): number {
		const rule = ruleOf(name);
		if (!conflicts(this.state, name, rule)) return this.count;
		if (!canGiveWay(this.state, rule)) return NONE;
		const limit = Math.max(0, this.count - LOOK_BACK);
		for (let level = this.count - 1; level >= limit; level--) {
			if (!conflicts(this.states[level] as number, name, rule)) return level;
		}
		return NONE;
	}

	enter(name: string, state: number): void {
		this.count++;
		this.serial++;
		this.names[this.count] = name;
		this.states[this.count] = state;
		this.serials[this.count] = this.serial;
		this.ask(this.count, this.serial, false);
	}

	/** A start tag that needs no end tag. */
	skip(): void {
		this.ask(NONE, 0, false);
	}

	/** A start tag that was not written. */
	refuse(): void {
		this.ask(NONE, 0, true);
	}

	private ask(level: number, serial: number, wasRefused: boolean): void {
		this.askedLevels.push(level);
		this.askedSerials.push(serial);
		this.wasRefused = wasRefused;
	}

	/** Ends what was asked for last: how many elements are open around it, or NONE when it is not open. */
	leave(): number {
		const level = this.askedLevels.pop() ?? NONE;
		const serial = this.askedSerials.pop();
		return level !== NONE && level <= this.count && this.serials[level] === serial ? level - 1 : NONE;
	}

	/** Forgets the element that is open last. */
	drop(): void {
		this.count--;
	}
}
