/** Re-theming as middleware: the pages of whatever app is behind it, moved into a theme by rules. */
import { type App, type LayerNote, layer, type Middleware } from '../convention/index.ts';
import { compileTheme, type ThemeSourceOptions } from './compile-theme.ts';
import { Development } from './debug/index.ts';
import { type Diagnostic, formatDiagnostics, ThemeError } from './diagnostics/index.ts';
import { folderPrefix } from './files/index.ts';
import { type HttpThemeOptions, themed } from './http/index.ts';
import { type FragmentOptions, Fragments } from './includes/index.ts';
import { LiveTheme } from './live/index.ts';
import type { Plan } from './plan/index.ts';
import type { RulesInput } from './rules/index.ts';
import { PlanThemer, type ResolvedIncludes } from './themer.ts';

export interface ThemeOptions extends ThemeSourceOptions, Omit<HttpThemeOptions, 'parameters'> {
	/** Values for the parameters of the rules, the same for all requests or made for each. */
	readonly parameters?: Readonly<Record<string, string>>;
	/** More of them for each request. */
	readonly parametersOf?: Extract<HttpThemeOptions['parameters'], (...args: never[]) => unknown>;
	/** Whether the theme follows its files while it runs. Default: true. */
	readonly watch?: boolean;
	/** In development: the path at which browsers hear of edits; the app behind never sees it. Default: `/.turnabout/theme-events`. */
	readonly eventsPath?: string;
	/** Where fragments may come from besides the app behind: nowhere by default. */
	readonly fragmentSources?: FragmentOptions;
	/** Whether ESI and SSI includes in the finished page are resolved here. Default: neither. */
	readonly resolve?: Partial<ResolvedIncludes>;
}

export interface Theme extends Middleware {
	/** The rules as they are now, or were before the last edit broke them. */
	readonly plan: Plan;
	/** What is questionable about them, but no error. */
	readonly warnings: readonly Diagnostic[];
	/** What is wrong with the files as they are now, or null. */
	readonly failure: unknown;
	/** Compiles the files now; false when that failed. */
	reload(): boolean;
	/** Ends what browsers listen to in development, which would hold up a server that waits for exchanges under way. */
	stopping(): void;
	/** Stops following the files and closes connections kept for fragments. */
	close(): Promise<void>;
}

/**
 * Middleware that moves the pages of the app behind it into a theme. `source` is the path of rules in XML (Diazo's) or
 * YAML, or rules in code. What is no page, or must not be changed, goes through as it is. Throws ThemeError with everything
 * that is wrong with the rules, ThemeFileError when they are not there, RangeError for options that make no sense.
 */
export function theme(source: string | RulesInput, options: ThemeOptions = {}): Theme {
	const news = new News(options);
	const development = options.development === true ? developmentOf(() => live, source, options) : null;
	const live: LiveTheme = new LiveTheme({
		load: (asked) => compileTheme(source, options, asked),
		entry: typeof source === 'string' ? source : (options.root ?? '.'),
		watch: options.watch ?? true,
		changed: (error) => {
			news.changed(error);
			development?.tell();
		},
		unwatched: (folder, error) => news.unwatched(folder, error),
	});
	const open: Fragments[] = [];
	const themedApp = (next: App): App => {
		const fragments = new Fragments({ app: next, ...options.fragmentSources });
		open.push(fragments);
		const current = themerOf(live, fragments, options, development);
		const app = themed(current, httpOptions(options))(development === null ? next : development.observed(next));
		return development === null ? app : development.before(app);
	};
	const close = async (): Promise<void> => {
		live.close();
		development?.close();
		await Promise.all(open.map((fragments) => fragments.close()));
	};
	const note: LayerNote = {
		name: 'theme',
		explain: () => ({ does: ['Moves an HTML page of the answer into the theme; `turnabout theme explain` says how.'] }),
	};
	const stopping = (): void => development?.close();
	const theme = Object.assign(layer(note, themedApp), { reload: () => live.reload(), stopping, close });
	Object.defineProperties(theme, {
		plan: { get: () => live.plan },
		warnings: { get: () => live.plan.warnings },
		failure: { get: () => live.failure },
	});
	return theme as unknown as Theme;
}

function developmentOf(live: () => LiveTheme, source: string | RulesInput, options: ThemeOptions): Development {
	const { eventsPath, root = null } = options;
	const folder = folderPrefix(typeof source === 'string' ? source : null, root);
	const path = eventsPath === undefined ? {} : { path: eventsPath };
	return new Development({ ...path, folder, plan: () => live().plan, failure: () => live().failure });
}

/** One themer for each plan that comes to be. */
function themerOf(
	live: LiveTheme,
	fragments: Fragments,
	{ resolve }: ThemeOptions,
	development: Development | null,
): () => PlanThemer {
	const includes = { esi: resolve?.esi ?? false, ssi: resolve?.ssi ?? false };
	const make = (): PlanThemer => new PlanThemer(live.plan, fragments, includes, development);
	let themer = make();
	return () => {
		if (themer.plan !== live.plan) themer = make();
		return themer;
	};
}

function httpOptions(options: ThemeOptions): HttpThemeOptions {
	const { parameters: _fixed, parametersOf, ...http } = options;
	return parametersOf === undefined ? http : { ...http, parameters: parametersOf };
}

/** What becomes of edits, told once each. */
class News {
	private readonly log: NonNullable<ThemeOptions['log']>;
	private last = '';

	constructor({ log }: ThemeOptions) {
		this.log = log ?? (({ message }) => globalThis.process?.stderr.write(`turnabout: theme: ${message}\n`));
	}

	changed(error: unknown): void {
		const wrong = error === null ? '' : describe(error);
		if (wrong === this.last) return;
		this.last = wrong;
		if (wrong === '') this.tell('warn', 'the theme is fine again', null);
		else this.tell('error', `the last edit is not used:\n${wrong}`, error);
	}

	unwatched(folder: string, error: Error): void {
		this.tell('warn', `edits in ${folder} go unnoticed: ${error.message}`, error);
	}

	private tell(level: 'error' | 'warn', message: string, error: unknown): void {
		this.log({ level, message, request: '', error });
	}
}

function describe(error: unknown): string {
	return error instanceof ThemeError ? formatDiagnostics(error.diagnostics) : (error as Error).message;
}
