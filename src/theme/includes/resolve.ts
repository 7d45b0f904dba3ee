/**
 * Replaces includes by what they name, all at the same time, and those in what came, as deep as is allowed. What came
 * cannot end what is around it: see assembly.ts.
 */
import { asError } from '../../bytes/index.ts';
import { Assembly, isBlank, type Piece } from './assembly.ts';
import { type Missed, missed, type PageFetch } from './fragment.ts';
import { type OnError, substitute } from './on-error.ts';
import { parseIncludes } from './parse-includes.ts';
import type { Attempt, Include, IncludeSyntax, IncludeTarget, IncludeWarning, Part, PartTree } from './part.ts';
import { hasIncludes } from './scanner.ts';

export interface ResolveOptions extends IncludeSyntax {
	/** Includes within what was included: 1 is none. At the last level they are treated as failed. Default: 3. */
	readonly maxDepth?: number;
	/** For the page in all, its fragments' own includes counted. Default: 64. */
	readonly maxIncludes?: number;
	/** Characters that includes may add to the page in all. Default: 8 Mi. */
	readonly maxLength?: number;
	/** For includes that bring nothing for such a case themselves. In a fragment, `keep` is `remove`. Default: `remove`. */
	readonly onError?: OnError;
	/** Milliseconds for each. Default: that of the fetcher. */
	readonly timeout?: number | null;
	/** Applies `;filter_xpath=`: the part of `html` that `xpath` selects. Without it, an include with a filter fails. */
	select?(html: string, xpath: string): string;
	/** Told what is odd about the page's own includes, and about those of fragments. */
	warn?(warning: IncludeWarning): void;
	/** Told about every fragment that failed, whatever stands in for it, or that cannot stand where it is included. */
	missed?(href: string, why: Missed): void;
}

/**
 * `html`, a page, with its includes resolved: the same string, at once, when it has none. Rejects with HttpError when one
 * fails and `onError` is `fail`.
 */
export function resolveIncludes(html: string, fetch: PageFetch, options: ResolveOptions): string | Promise<string> {
	if (!hasIncludes(html, options)) return html;
	const assembly = new Assembly(options, (href, why) => options.missed?.(href, why));
	const pieces = new Resolution(fetch, options).resolve(html, 0);
	return pieces instanceof Promise ? pieces.then((all) => assembly.page(all)) : assembly.page(pieces);
}

/** Something in an attempt has failed: its `except` stands. */
class AttemptFailed extends Error {}

/** Where parts stand. */
interface Scope {
	readonly blocks: PartTree['blocks'];
	/** 0 on the page, 1 in a fragment of it … */
	readonly level: number;
	readonly inAttempt: boolean;
}

type Brought = { readonly ok: true; readonly href: string; readonly pieces: readonly Piece[] } | Missed;

class Resolution {
	private readonly fetch: PageFetch;
	private readonly options: ResolveOptions;
	private readonly maxDepth: number;
	private includes: number;
	private length: number;

	constructor(fetch: PageFetch, options: ResolveOptions) {
		this.fetch = fetch;
		this.options = options;
		this.maxDepth = options.maxDepth ?? 3;
		this.includes = options.maxIncludes ?? 64;
		this.length = options.maxLength ?? 8_388_608;
	}

	resolve(html: string, level: number): readonly Piece[] | Promise<readonly Piece[]> {
		if (!hasIncludes(html, this.options)) return [html];
		const { parts, blocks, warnings } = parseIncludes(html, this.options);
		if (this.options.warn !== undefined) for (const warning of warnings) this.options.warn(warning);
		return this.all(parts, { blocks, level, inAttempt: false });
	}

	private all(parts: readonly Part[], scope: Scope): readonly Piece[] | Promise<readonly Piece[]> {
		const texts = parts.filter((part) => typeof part === 'string');
		if (texts.length === parts.length) return texts;
		return Promise.all(parts.map((part) => this.part(part, scope))).then((pieces) => pieces.flat());
	}

	private async part(part: Part, scope: Scope): Promise<readonly Piece[]> {
		if (typeof part === 'string') return [part];
		return part.kind === 'try' ? this.attempt(part, scope) : this.include(part, scope);
	}

	private async attempt({ attempt, except }: Attempt, scope: Scope): Promise<readonly Piece[]> {
		try {
			return await this.all(attempt, { ...scope, inAttempt: true });
		} catch (error) {
			if (!(error instanceof AttemptFailed)) throw error;
			return this.all(except, scope);
		}
	}

	private async include(include: Include, scope: Scope): Promise<readonly Piece[]> {
		const { fault, alternative, stub } = include;
		let brought: Brought = fault ?? (await this.bring(include, scope.level));
		if (!brought.ok && alternative !== null) brought = await this.bring(alternative, scope.level);
		const block = stub === null ? undefined : scope.blocks.get(stub);
		if (block !== undefined && (!brought.ok || isBlank(brought.pieces))) return this.stub(block, scope);
		if (brought.ok) return [brought];
		if (include.optional) return [];
		if (scope.inAttempt) throw new AttemptFailed(brought.detail);
		return this.standIn(include, brought, scope.level);
	}

	private standIn({ href, source }: Include, why: Missed, level: number): readonly Piece[] {
		const onError = this.options.onError ?? 'remove';
		// What a fragment brings along must not go out unresolved: whoever reads the page next might resolve it.
		if (onError === 'keep') return level === 0 ? [{ kept: source }] : [];
		return [{ href, pieces: [substitute(why, href, onError, '')] }];
	}

	/** A block has no stubs itself: it could be its own. */
	private async stub(block: readonly Part[], scope: Scope): Promise<readonly Piece[]> {
		return this.all(block, { ...scope, blocks: new Map() });
	}

	private async bring(target: IncludeTarget, level: number): Promise<Brought> {
		const brought = await this.attain(target, level);
		if (!brought.ok) this.options.missed?.(target.href, brought);
		return brought;
	}

	private async attain({ href, filter }: IncludeTarget, level: number): Promise<Brought> {
		const { options } = this;
		if (level >= this.maxDepth) return missed('too-deep', `An include within ${level} others`);
		if (this.includes-- <= 0) return missed('too-many', 'More includes than one page may have');
		const fragment = await this.fetch(href, { timeout: options.timeout ?? null }).catch((error: unknown) =>
			missed('failed', asError(error).message),
		);
		if (!fragment.ok) return fragment;
		const html = filter === null ? fragment.text : this.selected(fragment.text, filter);
		if (typeof html !== 'string') return html;
		this.length -= html.length;
		if (this.length < 0) return missed('too-many', 'More text than the includes of one page may bring');
		return { ok: true, href, pieces: await this.resolve(html, level + 1) };
	}

	private selected(html: string, filter: string): string | Missed {
		const { options } = this;
		if (options.select === undefined) return missed('filter', 'Nobody here applies filter_xpath');
		try {
			return options.select(html, filter);
		} catch (error) {
			return missed('filter', asError(error).message);
		}
	}
}
