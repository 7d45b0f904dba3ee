/**
 * One PAC file, run inside QuickJS: an engine of its own in WebAssembly, with a limit on time and memory, and with nothing of
 * ours within reach. A name that has to be looked up ends the run; the run is made again once the answer is there.
 */
import type { QuickJSContext, QuickJSHandle, QuickJSRuntime, QuickJSWASMModule } from 'quickjs-emscripten-core';
import { PAC_FUNCTIONS } from './pac-functions.ts';

export interface PacLimits {
	/** Milliseconds of one run. */
	readonly time: number;
	/** Bytes. */
	readonly memory: number;
}

/** Runs out of time or memory: the file is not to be asked again. */
export class PacOverrun extends Error {
	override readonly name: string = 'PacOverrun';
}

/** What a run came to: the text, or a name that has to be looked up first. */
export type PacRun = { readonly answer: string } | { readonly lookUp: string };

/** A name's address, null when it has none, undefined when it is not known yet. */
export type Known = (name: string) => string | null | undefined;

/** Loaded when the first file is; the packages are the operator's to install. */
export async function loadQuickJs(): Promise<QuickJSWASMModule> {
	try {
		const { newQuickJSWASMModuleFromVariant: made } = await import('quickjs-emscripten-core');
		// Its types describe CommonJS; what is imported is the module that is meant.
		return await made(import('@jitl/quickjs-wasmfile-release-sync') as unknown as Parameters<typeof made>[0]);
	} catch (cause) {
		throw new Error(
			'A PAC file is run by QuickJS: npm install quickjs-emscripten-core @jitl/quickjs-wasmfile-release-sync',
			{ cause },
		);
	}
}

export class PacScript {
	private readonly runtime: QuickJSRuntime;
	private readonly context: QuickJSContext;
	private readonly limits: PacLimits;
	private readonly known: Known;
	private until = 0;
	private wanted: string | null = null;
	private overrun = false;

	/** Throws Error for a file that does not run or has no FindProxyForURL, PacOverrun for one that does not end. */
	constructor(engine: QuickJSWASMModule, text: string, ownAddress: string, limits: PacLimits, known: Known) {
		this.limits = limits;
		this.known = known;
		this.runtime = engine.newRuntime();
		this.runtime.setMemoryLimit(limits.memory);
		this.runtime.setMaxStackSize(256 * 1024);
		this.runtime.setInterruptHandler(() => this.interrupted());
		this.context = this.runtime.newContext();
		try {
			this.offer(ownAddress);
			this.evaluate(PAC_FUNCTIONS, 'functions');
			this.evaluate(text, 'proxy.pac');
			this.evaluate(
				'if (typeof FindProxyForURL !== "function") throw new TypeError("It has no FindProxyForURL")',
				'check',
			);
		} catch (error) {
			this.dispose();
			throw error;
		}
	}

	/** Throws as the constructor does. */
	run(url: string, host: string): PacRun {
		const { context } = this;
		const find = context.getProp(context.global, 'FindProxyForURL');
		const given = [context.newString(url), context.newString(host)];
		try {
			this.begin();
			const result = context.callFunction(find, context.undefined, ...given);
			const answer = this.taken(result);
			if (answer === null) return { lookUp: this.wanted as string };
			try {
				const type = context.typeof(answer);
				return { answer: type === 'string' ? context.getString(answer) : '' };
			} finally {
				answer.dispose();
			}
		} finally {
			for (const handle of [find, ...given]) handle.dispose();
		}
	}

	dispose(): void {
		this.context.dispose();
		this.runtime.dispose();
	}

	private offer(ownAddress: string): void {
		const { context } = this;
		const lookUp = context.newFunction('lookUp', (name) => this.lookUp(context.getString(name)));
		const now = context.newFunction('pacNow', () => context.newNumber(Date.now()));
		const own = context.newString(ownAddress);
		for (const [name, handle] of Object.entries({ lookUp, pacNow: now, ownAddress: own })) {
			context.setProp(context.global, name, handle);
			handle.dispose();
		}
	}

	/** Throws inside, which ends most files at once; those that catch it are interrupted. */
	private lookUp(name: string): QuickJSHandle | { error: QuickJSHandle } {
		const { context } = this;
		const address = this.known(name);
		if (address === undefined) {
			this.wanted ??= name;
			return { error: context.newError('not known yet') };
		}
		return address === null ? context.null : context.newString(address);
	}

	private evaluate(code: string, name: string): void {
		this.begin();
		const handle = this.taken(this.context.evalCode(code, name));
		if (handle === null) throw new Error('It looks up a name before it is asked');
		handle.dispose();
	}

	private begin(): void {
		this.until = performance.now() + this.limits.time;
		this.wanted = null;
		this.overrun = false;
	}

	/** Asked every few thousand instructions; what it stops, the file cannot catch. */
	private interrupted(): boolean {
		if (performance.now() > this.until) this.overrun = true;
		return this.overrun || this.wanted !== null;
	}

	/** The value of a run, or null when it waits for a name. */
	private taken(result: ReturnType<QuickJSContext['evalCode']>): QuickJSHandle | null {
		if (this.overrun || this.wanted !== null) {
			(result.error ?? result.value).dispose();
			if (this.overrun) throw new PacOverrun(`It did not end in ${this.limits.time} ms`);
			return null;
		}
		if (result.error === undefined) return result.value;
		const { name, message } = this.dumped(result.error);
		if (name === 'InternalError') throw new PacOverrun(message);
		throw new Error(message);
	}

	private dumped(error: QuickJSHandle): { name: string; message: string } {
		const value: unknown = this.context.dump(error);
		error.dispose();
		if (typeof value !== 'object' || value === null)
			return { name: 'InternalError', message: String(value).slice(0, 200) };
		const { name, message } = value as { name?: unknown; message?: unknown };
		return { name: String(name), message: `${String(name)}: ${String(message)}`.slice(0, 200) };
	}
}
