/** `secret('NAME')` and its kin. */
import { reportToStderr } from '../../reloaded/index.ts';
import { type Compose, Composed, File, type Origin, Variable } from './origin.ts';
import { isSecret, lookAt, reveal, Secret } from './secret.ts';
import { SecretError } from './secret-error.ts';

export interface SecretFileOptions {
	/** Told when a changed file cannot be read: what was read before stays in force. Default: a line on standard error. */
	readonly report?: (error: Error) => void;
}

export interface SecretOf {
	/** The environment variable of that name, read when it is used. */
	(name: string): Secret;
	/** A file, without the end of its last line; read again when it has changed. Throws when it cannot be read. */
	file(path: string, options?: SecretFileOptions): Secret;
	/**
	 * Text around secrets: secret.text`Bearer ${secret('NAME')}`. A template without `secret.text` before it holds the name,
	 * and not the value.
	 */
	text(texts: TemplateStringsArray, ...values: readonly (Secret | string)[]): Secret;
	/** Name and password as the Basic scheme has them; one of the two at least is a secret. */
	basic(user: Secret | string, password: Secret | string): Secret;
}

export const secret: SecretOf = Object.assign(variable, { file, text, basic });

function variable(name: string): Secret {
	if (typeof name !== 'string' || !/^[A-Za-z_][A-Za-z0-9_]*$/.test(name))
		throw new TypeError('secret: the name of an environment variable is needed: letters, digits and underscores');
	return new Secret(name, new Variable(name));
}

function file(path: string, { report = reportToStderr }: SecretFileOptions = {}): Secret {
	if (typeof path !== 'string' || path === '') throw new TypeError('secret.file: the path of a file is needed');
	if (typeof report !== 'function') throw new TypeError('secret.file: report must be a function');
	return new Secret(path, new File(path, report));
}

function text(texts: TemplateStringsArray, ...values: readonly (Secret | string)[]): Secret {
	if (!Array.isArray(texts)) throw new TypeError('secret.text stands before a template: secret.text`Bearer ${…}`');
	const parts = texts.flatMap((one: string, at) => (at < values.length ? [one, values[at] as Secret | string] : [one]));
	return made('secret.text', parts, (all) => ({ value: all.join('') }));
}

function basic(user: Secret | string, password: Secret | string): Secret {
	if (typeof user === 'string' && user.includes(':'))
		throw new TypeError('secret.basic: a name must not have a colon (RFC 7617 section 2)');
	return made('secret.basic', ['Basic ', user, ':', password], ([, name = '', , own = '']) => {
		if (name.includes(':')) throw new SecretError('a name with a colon cannot be used with the Basic scheme');
		const token = btoa(`${name}:${own}`);
		return { value: `Basic ${token}`, token };
	});
}

function made(where: string, parts: readonly (Secret | string)[], compose: Compose): Secret {
	for (const part of parts) if (!isSecret(part)) checkLiteral(where, part);
	if (!parts.some(isSecret)) throw new TypeError(`${where}: there is no secret in it`);
	const name = parts.map((part) => (isSecret(part) ? `\${${part.name}}` : part)).join('');
	return new Secret(name, new Composed(parts.map(originOf), compose));
}

function originOf(part: Secret | string): Origin | string {
	return isSecret(part) ? { look: () => lookAt(part), read: () => reveal(part) } : part;
}

function checkLiteral(where: string, part: unknown): void {
	if (typeof part !== 'string') throw new TypeError(`${where}: only secrets and text can be put in`);
	if (!/^[\x20-\x7e]*$/.test(part)) throw new TypeError(`${where}: the text must be visible ASCII`);
}
