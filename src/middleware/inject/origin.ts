/** Where the values of secrets come from. Byte strings all the way: code points 0 to 255, as fields have them. */
import { ReloadedFile } from '../../reloaded/index.ts';
import { checkedText, SecretError } from './secret-error.ts';
import { SHORTEST } from './spellings.ts';

/** A value as it goes to the wire, and all in it that must be found again in answers. */
export interface Revealed {
	readonly value: string;
	readonly hidden: readonly string[];
}

export interface Origin {
	/** Null when the value can be asked for at once, or a promise that never rejects. */
	look(): Promise<unknown> | null;
	/** Throws SecretError. Gives the same object as long as the value is the same. */
	read(): Revealed;
}

/** An environment variable, read for each request. */
export class Variable implements Origin {
	private readonly name: string;
	private text: string | null = null;
	private known: Revealed = { value: '', hidden: [] };

	constructor(name: string) {
		this.name = name;
	}

	look(): null {
		return null;
	}

	read(): Revealed {
		const text = globalThis.process?.env[this.name];
		if (text === undefined) throw new SecretError(`the environment variable ${this.name} is not set`);
		if (text === this.text) return this.known;
		this.known = plain(checkedText(`the environment variable ${this.name}`, text));
		this.text = text;
		return this.known;
	}
}

/** A file that is read again when it has changed. */
export class File implements Origin {
	private readonly file: ReloadedFile<Revealed>;

	/** Throws the system's error, or SecretError. */
	constructor(path: string, report: (error: Error) => void) {
		this.file = new ReloadedFile('secret.file', path, (text) => plain(checkedText(`the file ${path}`, text)), report);
	}

	look(): Promise<void> | null {
		return this.file.look();
	}

	read(): Revealed {
		return this.file.value;
	}
}

/** Makes one value of several. */
export type Compose = (parts: readonly string[]) => { readonly value: string; readonly token?: string };

/** Made of text and other values. */
export class Composed implements Origin {
	private readonly parts: readonly (Origin | string)[];
	private readonly compose: Compose;
	private last: readonly (Revealed | string)[] = [];
	private known: Revealed | null = null;

	constructor(parts: readonly (Origin | string)[], compose: Compose) {
		this.parts = parts;
		this.compose = compose;
	}

	look(): Promise<unknown> | null {
		const looking = this.parts.flatMap((part) => (typeof part === 'string' ? [] : (part.look() ?? [])));
		return looking.length === 0 ? null : Promise.all(looking);
	}

	read(): Revealed {
		const read = this.parts.map((part) => (typeof part === 'string' ? part : part.read()));
		if (this.known !== null && read.every((one, at) => one === this.last[at])) return this.known;
		const { value, token } = this.compose(read.map((one) => (typeof one === 'string' ? one : one.value)));
		const within = read.flatMap((one) => (typeof one === 'string' ? [] : one.hidden));
		this.last = read;
		this.known = { value, hidden: token === undefined ? within : [token, ...within] };
		return this.known;
	}
}

function plain(value: string): Revealed {
	return { value, hidden: hiddenIn(value) };
}

/** A variable may hold a whole field's value, `Bearer …`: what must not be shown of it is the part behind. */
function hiddenIn(value: string): string[] {
	const space = value.indexOf(' ');
	if (space <= 0 || !/^[A-Za-z][A-Za-z0-9-]*$/.test(value.slice(0, space))) return [value];
	const token = value.slice(space + 1).trimStart();
	if (value.slice(0, space).toLowerCase() !== 'basic') return [token];
	const pair = Buffer.from(token, 'base64').toString('latin1');
	const password = pair.slice(pair.indexOf(':') + 1);
	return [token, pair, password].filter((one, at) => at === 0 || one.length >= SHORTEST);
}
