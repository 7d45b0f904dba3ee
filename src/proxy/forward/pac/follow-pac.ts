/** A PAC file obeyed: which parents a destination is reached through, in the order they are to be tried. */
import type { QuickJSWASMModule } from 'quickjs-emscripten-core';
import { type Parent, parseParent, type Resolve } from '../../../client/index.ts';
import { UpstreamError } from '../../../convention/index.ts';
import { isIPv4, isIPv6 } from '../../../fields/index.ts';
import { checkNames, shown } from '../../../names/index.ts';
import type { Destination } from '../destination.ts';
import type { ParentChoice } from '../parents.ts';
import { readPacAnswer } from './pac-answer.ts';
import { loadQuickJs, PacOverrun, PacScript } from './pac-script.ts';
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

/** A ParentChoice that does what a PAC file says. Needs two packages, loaded at the first request: see docs/parents.md. Throws TypeError for bad options. */
export function followPac(options: FollowPacOptions): ParentChoice {
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
	return (destination) =>
		follower.choose(destination).catch((cause: unknown) => {
			options.log?.(`PAC: ${(cause as Error).message}`);
			if (onFailure === 'direct') return null;
			throw new UpstreamError('proxy_configuration_error', { details: 'PAC', cause });
		});
}

class PacFollower {
	private readonly options: FollowPacOptions;
	private readonly parents = new Map<string, Parent>();
	private readonly addresses = new Map<string, { readonly address: string | null; readonly until: number }>();
	private engine: Promise<QuickJSWASMModule> | null = null;
	private loading: Promise<void> | null = null;
	private script: PacScript | null = null;
	private text: string | null = null;
	private loadedAt = 0;
	/** Why the file is not asked any more. */
	private broken: Error | null = null;

	constructor(options: FollowPacOptions) {
		this.options = options;
	}

	async choose(destination: Destination): Promise<readonly (Parent | null)[]> {
		const { reload = 0 } = this.options;
		if (this.text === null || (reload > 0 && performance.now() - this.loadedAt > reload)) {
			this.loading ??= this.load().finally(() => (this.loading = null));
			await this.loading;
		}
		if (this.broken !== null) throw this.broken;
		const { steps, strange } = readPacAnswer(await this.ask(urlOf(destination), destination.host));
		if (strange.length > 0) this.options.log?.(`PAC: not understood: ${shown(strange)}`);
		if (steps.length === 0) throw new Error('The file names nothing that could be tried');
		return steps.map((step) => (step === null ? null : this.parentAt(step)));
	}

	private async load(): Promise<void> {
		const { file, ownAddress = '127.0.0.1', timeouts } = this.options;
		try {
			const text =
				typeof file === 'string' ? file : await this.waited(Promise.resolve(file()), 'The file was not there in time');
			if (text.length > TEXT) throw new Error('The file is larger than a mebibyte');
			this.loadedAt = performance.now();
			if (text === this.text) return;
			this.engine ??= loadQuickJs();
			const limits = { time: timeouts?.run ?? 100, memory: MEMORY };
			const made = new PacScript(await this.engine, text, ownAddress, limits, (name) => this.known(name));
			this.script?.dispose();
			this.script = made;
			this.text = text;
			this.broken = null;
		} catch (error) {
			this.loadedAt = performance.now();
			if (this.script === null) throw error;
			this.options.log?.(`PAC: kept as it was: ${(error as Error).message}`);
		}
	}

	private async ask(url: string, host: string): Promise<string> {
		for (let names = 0; names <= LOOK_UPS; names++) {
			const run = this.run(url, host);
			if ('answer' in run) return run.answer;
			await this.lookUp(run.lookUp);
		}
		throw new Error(`The file looks up more than ${LOOK_UPS} names`);
	}

	private run(url: string, host: string): ReturnType<PacScript['run']> {
		try {
			return (this.script as PacScript).run(url, host);
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

	private async lookUp(name: string): Promise<void> {
		const { resolve = systemAddresses } = this.options;
		let address: string | null = null;
		try {
			const found = name.length > 253 ? [] : await this.waited(resolve(name), 'No address in time');
			address = found.find(isIPv4) ?? found[0] ?? null;
		} catch {
			// A name without an address, for the file.
		}
		remember(this.addresses, name.toLowerCase(), { address, until: performance.now() + FRESH });
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
