/** A PAC file obeyed: which parents a destination is reached through, in the order they are to be tried. */
import { asError } from '../../../bytes/index.ts';
import { type Parent, parseParent, type Resolve } from '../../../client/index.ts';
import { UpstreamError } from '../../../convention/index.ts';
import { isIPv4, isIPv6 } from '../../../fields/index.ts';
import { checkNames, shown } from '../../../names/index.ts';
import type { Destination } from '../destination.ts';
import type { ParentChoice } from '../parents.ts';
import { readPacAnswer } from './pac-answer.ts';
import { PacOverrun, type PacRun } from './pac-script.ts';
import { PacThread } from './pac-thread.ts';
import { systemAddresses } from './system-addresses.ts';

export interface FollowPacOptions {
	/** The file's text, or what fetches it: asked at the first request, and again every `reload` milliseconds. */
	readonly file: string | (() => string | Promise<string>);
	/** Milliseconds; what cannot be fetched again stays as it was. Default: 0, never. */
	readonly reload?: number;
	/** When the file cannot be had, is broken, or does not end in time: reach destinations directly, or not at all. Default: refuse, 500. */
	readonly onFailure?: 'direct' | 'refuse';
	/** Makes a parent of `http://host:port` and so on: the place for credentials and TLS. Default: `parseParent`. */
	readonly parent?: (url: string) => Parent;
	/** Looks up names that the file asks about. Default: the system. */
	readonly resolve?: Resolve;
	/** What `myIpAddress()` answers. Default: 127.0.0.1. */
	readonly ownAddress?: string;
	/** Milliseconds of one run of the file, and of fetching it or looking up a name. Default: 100 and 5,000. */
	readonly timeouts?: { readonly run?: number; readonly wait?: number };
	/** Told what is wrong with the file. Default: nobody. */
	readonly log?: (message: string) => void;
}

const NAMES = ['file', 'reload', 'onFailure', 'parent', 'resolve', 'ownAddress', 'timeouts', 'log'];
/** Names that one question may look up; names and parents that are remembered; bytes of a file and of its heap. */
const LOOK_UPS = 16;
const MOST = 1_024;
const TEXT = 1_048_576;
const MEMORY = 33_554_432;
/** Milliseconds that an address is believed. */
const FRESH = 60_000;
/** Milliseconds until a file is fetched again that could not be. */
const AGAIN = 1_000;
/** Milliseconds that the thread may take to start, at least. */
const START = 10_000;

/** What followPac makes. Its thread keeps no process up; `close` ends it. */
export type FollowedPac = ParentChoice & { close(): Promise<void> };

/** A ParentChoice that does what a PAC file says. Needs two packages, loaded at the first request: see docs/parents.md. Throws TypeError for bad options. */
export function followPac(options: FollowPacOptions): FollowedPac {
	checkNames('followPac: ', options, NAMES);
	const { file, onFailure = 'refuse', timeouts } = options;
	if (typeof file !== 'string' && typeof file !== 'function')
		throw new TypeError(`followPac: file: not a text, nor a function: ${shown(file)}`);
	if (onFailure !== 'refuse' && onFailure !== 'direct')
		throw new TypeError(`followPac: onFailure: ${shown(onFailure)} is neither "direct" nor "refuse"`);
	if (timeouts !== undefined) checkNames('followPac: timeouts.', timeouts, ['run', 'wait']);
	for (const [name, value] of Object.entries({ reload: options.reload, run: timeouts?.run, wait: timeouts?.wait }))
		if (value !== undefined && !(Number.isFinite(value) && value >= 0))
			throw new RangeError(`followPac: ${name}: not a number of milliseconds: ${shown(value)}`);
	const follower = new PacFollower(options);
	const choose: ParentChoice = (destination) =>
		follower.choose(destination).catch((cause: unknown) => {
			options.log?.(`PAC: ${(cause as Error).message}`);
			if (onFailure === 'direct') return null;
			throw new UpstreamError('proxy_configuration_error', { details: 'PAC', cause });
		});
	return Object.assign(choose, { asksOthers: true, close: () => follower.close() });
}

class PacFollower {
	private readonly options: FollowPacOptions;
	private readonly parents = new Map<string, Parent>();
	private readonly addresses = new Map<string, { readonly address: string | null; readonly until: number }>();
	private loading: Promise<void> | null = null;
	private thread: PacThread | null = null;
	private text: string | null = null;
	/** By performance.now: when the file is to be fetched. */
	private dueAt = 0;
	/** Why the file is not asked any more. */
	private broken: Error | null = null;

	constructor(options: FollowPacOptions) {
		this.options = options;
	}

	async choose(destination: Destination): Promise<readonly (Parent | null)[]> {
		if (performance.now() >= this.dueAt) {
			this.loading ??= this.load().finally(() => (this.loading = null));
			// What is there serves until the next is.
			if (this.text === null || this.broken !== null) await this.loading;
		}
		if (this.broken !== null) throw this.broken;
		const { steps, strange } = readPacAnswer(await this.ask(urlOf(destination), destination.host));
		if (strange.length > 0) this.options.log?.(`PAC: not understood: ${shown(strange)}`);
		if (steps.length === 0) throw new Error('The file names nothing that could be tried');
		return steps.map((step) => (step === null ? null : this.parentAt(step)));
	}

	/** Never rejects: what goes wrong is said of the file that is there, or breaks the one that is not. */
	private async load(): Promise<void> {
		const { reload = 0 } = this.options;
		try {
			const text = await this.fetched();
			this.dueAt = reload > 0 ? performance.now() + reload : Number.POSITIVE_INFINITY;
			if (text !== this.text) await this.take(text);
		} catch (error) {
			this.dueAt = performance.now() + (reload > 0 ? Math.min(reload, AGAIN) : AGAIN);
			if (this.text === null) this.broken = asError(error);
			else this.options.log?.(`PAC: kept as it was: ${asError(error).message}`);
		}
	}

	private async fetched(): Promise<string> {
		const { file } = this.options;
		if (typeof file === 'string') return file;
		const text = await this.waited(Promise.resolve(file()), 'The file was not there in time');
		if (text.length > TEXT) throw new Error('The file is larger than a mebibyte');
		return text;
	}

	/** A file that does not run is not tried again, unless it is another one. */
	private async take(text: string): Promise<void> {
		const worked = this.text !== null && this.broken === null;
		try {
			if (this.thread === null || this.thread.over) this.thread = this.newThread();
			await this.thread.load(text, this.options.ownAddress ?? '127.0.0.1');
			this.broken = null;
		} catch (error) {
			// The thread keeps the file before, if it lives.
			if (worked && !this.thread?.over) throw error;
			this.broken = asError(error);
		}
		this.text = text;
	}

	private newThread(): PacThread {
		const { run = 100, wait = 5_000 } = this.options.timeouts ?? {};
		return new PacThread({ time: run, memory: MEMORY }, Math.max(START, wait));
	}

	async close(): Promise<void> {
		await this.thread?.close();
	}

	private async ask(url: string, host: string): Promise<string> {
		const names = new Map<string, string | null>();
		for (;;) {
			const run = await this.run(url, host, names);
			if ('answer' in run) return run.answer;
			if (names.size === LOOK_UPS) throw new Error(`The file looks up more than ${LOOK_UPS} names`);
			const known = this.known(run.lookUp);
			names.set(run.lookUp, known === undefined ? await this.lookUp(run.lookUp) : known);
		}
	}

	private async run(url: string, host: string, names: ReadonlyMap<string, string | null>): Promise<PacRun> {
		try {
			return await (this.thread as PacThread).run(url, host, names);
		} catch (error) {
			// It would take that time from every request.
			if (error instanceof PacOverrun) this.broken = error;
			throw error;
		}
	}

	private known(name: string): string | null | undefined {
		if (isIPv4(name) || isIPv6(name)) return name;
		const found = this.addresses.get(name.toLowerCase());
		return found === undefined || found.until < performance.now() ? undefined : found.address;
	}

	private async lookUp(name: string): Promise<string | null> {
		const { resolve = systemAddresses } = this.options;
		let address: string | null = null;
		try {
			const found = name.length > 253 ? [] : await this.waited(resolve(name), 'No address in time');
			address = found.find(isIPv4) ?? found[0] ?? null;
		} catch {
			// A name without an address, for the file.
		}
		remember(this.addresses, name.toLowerCase(), { address, until: performance.now() + FRESH });
		return address;
	}

	private parentAt(url: string): Parent {
		const found = this.parents.get(url);
		if (found !== undefined) return found;
		const made = (this.options.parent ?? parseParent)(url);
		remember(this.parents, url, made);
		return made;
	}

	private waited<T>(promise: Promise<T>, message: string): Promise<T> {
		const { promise: late, reject } = Promise.withResolvers<never>();
		const timer = setTimeout(() => reject(new Error(message)), this.options.timeouts?.wait ?? 5_000);
		return Promise.race([promise, late]).finally(() => clearTimeout(timer));
	}
}

function remember<T>(map: Map<string, T>, name: string, value: T): void {
	if (map.size >= MOST) map.delete(map.keys().next().value as string);
	map.set(name, value);
}

/** As browsers have it: of what is encrypted, the file is not told the path. */
function urlOf({ scheme, authority, host, port, path }: Destination): string {
	if (scheme === 'http') return `http://${authority}${path ?? '/'}`;
	const bare = host.includes(':') ? `[${host}]` : host;
	return `https://${bare}${port === 443 ? '' : `:${port}`}/`;
}
