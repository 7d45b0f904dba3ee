/**
 * From a request's path to a script. What lives here: how a path is decoded, what is refused, where a script's name ends,
 * and in what order things are tried, which is Caddy's `try_files {path} {path}/index.php index.php`. A script is only
 * what exists as a file, so that nothing behind an image is ever run as PHP ("/photo.jpg/x.php"), and PATH_INFO stands
 * only behind one. Paths are byte strings (latin1) throughout.
 */

/** What a path is among the files: asked with a path that begins with a slash and has no dot segments. */
export type FileKind = (path: string) => 'file' | 'folder' | null;

export type Resolved =
	/** Run `script`, a path below the root; `pathInfo` is what follows it, or ''. */
	| { readonly kind: 'script'; readonly script: string; readonly pathInfo: string }
	/** A folder named without its final slash: its links would lead astray. */
	| { readonly kind: 'folder' }
	/** No script of ours. */
	| { readonly kind: 'other' };

export interface ScriptRules {
	readonly index: string;
	readonly split: readonly string[];
	readonly front: boolean;
}

/** `path`: decoded, from `decodePath`. */
export function resolveScript(path: string, rules: ScriptRules, kindOf: FileKind): Resolved {
	const split = splitScript(path, rules.split, kindOf);
	if (split !== null) return split;
	const kind = kindOf(path);
	if (kind === 'file') return OTHER;
	if (kind === 'folder') {
		const slashed = path.endsWith('/');
		const script = `${path}${slashed ? '' : '/'}${rules.index}`;
		if (kindOf(script) === 'file') return slashed ? { kind: 'script', script, pathInfo: '' } : FOLDER;
	}
	const front = `/${rules.index}`;
	return rules.front && kindOf(front) === 'file' ? { kind: 'script', script: front, pathInfo: '' } : OTHER;
}

const OTHER: Resolved = { kind: 'other' };
const FOLDER: Resolved = { kind: 'folder' };

/**
 * The first place where a segment ends like a script and a file is there. Case does not count: where it counts for nothing
 * to the file system either, `/INDEX.PHP` is a script all the same, and its source no file to be sent.
 */
function splitScript(path: string, endings: readonly string[], kindOf: FileKind): Resolved | null {
	const lower = path.toLowerCase();
	for (let at = nextSlash(path, 1); ; at = nextSlash(path, at + 1)) {
		const name = path.slice(0, at);
		if (endings.some((ending) => lower.endsWith(ending.toLowerCase(), at))) {
			const kind = kindOf(name);
			if (kind === 'file') return { kind: 'script', script: name, pathInfo: path.slice(at) };
			// Below what is not there, nothing is.
			if (kind === null) return null;
		}
		if (at === path.length) return null;
	}
}

function nextSlash(path: string, from: number): number {
	const at = path.indexOf('/', from);
	return at < 0 ? path.length : at;
}

/** Bytes of a path that needs no work: most do not. */
const PLAIN = /^\/(?:[A-Za-z0-9_~!$&'()*+,;=:@-][A-Za-z0-9_.~!$&'()*+,;=:@-]*(?:\/|$))*$/;

/** The path, percent-decoded, slashes in a row made one; null for what is refused: NUL, a bad escape, `.` and `..` as a segment. */
export function decodePath(raw: string): string | null {
	if (PLAIN.test(raw)) return raw;
	if (!raw.startsWith('/') || /%(?![0-9A-Fa-f]{2})/.test(raw)) return null;
	const path = raw
		.replace(/%([0-9A-Fa-f]{2})/g, (_escape, digits: string) => String.fromCharCode(Number.parseInt(digits, 16)))
		.replace(/\/{2,}/g, '/');
	return path.includes('\0') || /\/\.{1,2}(?:\/|$)/.test(path) ? null : path;
}
