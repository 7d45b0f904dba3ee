/** What is wrong with the TLS options of a listener, in words. Everything at once. */
import { choices } from '../names/index.ts';
import { Certificates } from './certificates.ts';
import type { TlsOptions } from './options.ts';

const PEM = ['cert', 'key', 'ocsp'];
const FILES = ['certFile', 'keyFile', 'ocspFile'];
const RULES = [
	'clientAuthorities',
	'requireClientCertificate',
	'minVersion',
	'ciphers',
	'ticketSecret',
	'forName',
	'challenge',
];
const VERSIONS: readonly unknown[] = ['TLSv1.2', 'TLSv1.3'];
const LEAST_SECRET = 32;

/** Sentences that begin with `name`, the option; none when it can be listened with. Files are read, and nothing is left behind. */
export function tlsFaults(value: unknown, name: string): string[] {
	if (!isObject(value)) return [`${name} is no object: write { cert, key } or { certFile, keyFile }`];
	const wrong: string[] = [];
	const several = 'certificates' in value;
	const known = several ? ['certificates', ...RULES] : [...PEM, ...FILES, ...RULES];
	checkNames(value, several ? known : [...known, 'certificates'], name, wrong);
	if (several) checkSeveral(value['certificates'], `${name}.certificates`, wrong);
	else checkOne(value, name, wrong);
	checkRules(value, name, wrong);
	if (wrong.length > 0) return wrong;
	const unread = readFault(value as unknown as TlsOptions, name);
	return unread === null ? wrong : [unread];
}

/** Why the certificates cannot be read; null when they can. */
function readFault(options: TlsOptions, name: string): string | null {
	const { ciphers } = options;
	try {
		return new Certificates(name, options, ciphers === undefined ? {} : { ciphers }, () => {}).first === undefined
			? `${name} has no certificate`
			: null;
	} catch (error) {
		return (error as Error).message;
	}
}

function checkSeveral(list: unknown, name: string, wrong: string[]): void {
	if (!Array.isArray(list) || list.length === 0) {
		wrong.push(`${name} is no list of { cert, key } or { certFile, keyFile }`);
		return;
	}
	for (const [index, one] of list.entries()) {
		const where = `${name}[${index}]`;
		if (!isObject(one)) wrong.push(`${where} is no object: write { cert, key } or { certFile, keyFile }`);
		else {
			checkNames(one, [...PEM, ...FILES], where, wrong);
			checkOne(one, where, wrong);
		}
	}
}

function checkOne(value: Readonly<Record<string, unknown>>, name: string, wrong: string[]): void {
	const [pem, files] = [PEM, FILES].map((parts) => parts.filter((part) => part in value));
	if ((pem?.length ?? 0) > 0 && (files?.length ?? 0) > 0) {
		wrong.push(`${name} has ${pem?.[0]} and ${files?.[0]}: PEM or files, and not both`);
		return;
	}
	if ((files?.length ?? 0) > 0) checkFiles(value, name, wrong);
	else checkPem(value, name, wrong);
}

function checkFiles(value: Readonly<Record<string, unknown>>, name: string, wrong: string[]): void {
	if (value['certFile'] === undefined) wrong.push(`${name}.certFile is missing`);
	for (const part of FILES) {
		const path = value[part];
		if (path !== undefined && (typeof path !== 'string' || path === ''))
			wrong.push(`${name}.${part} is no path of a file`);
	}
}

function checkPem(value: Readonly<Record<string, unknown>>, name: string, wrong: string[]): void {
	for (const part of ['cert', 'key']) {
		const pem = value[part];
		if (pem === undefined) wrong.push(`${name}.${part} is missing`);
		else if (!isPem(pem))
			wrong.push(`${name}.${part} is not PEM: give it the content of the file, or its name as ${part}File`);
	}
	if (value['ocsp'] !== undefined && !(value['ocsp'] instanceof Uint8Array))
		wrong.push(`${name}.ocsp is no bytes of an answer (DER)`);
}

function checkRules(value: Readonly<Record<string, unknown>>, name: string, wrong: string[]): void {
	const { clientAuthorities, requireClientCertificate, minVersion, ciphers, ticketSecret } = value;
	for (const option of ['challenge', 'forName'])
		if (value[option] !== undefined && typeof value[option] !== 'function')
			wrong.push(`${name}.${option} is no function`);
	if (clientAuthorities !== undefined && !isPem(clientAuthorities)) wrong.push(`${name}.clientAuthorities is not PEM`);
	if (requireClientCertificate !== undefined && typeof requireClientCertificate !== 'boolean')
		wrong.push(`${name}.requireClientCertificate is neither true nor false`);
	if (minVersion !== undefined && !VERSIONS.includes(minVersion))
		wrong.push(`${name}.minVersion is not ${VERSIONS.join(' or ')}`);
	if (ciphers !== undefined && (typeof ciphers !== 'string' || ciphers === ''))
		wrong.push(`${name}.ciphers is no list of names with colons between them`);
	if (ticketSecret === undefined) return;
	if (typeof ticketSecret !== 'string' && !(ticketSecret instanceof Uint8Array))
		wrong.push(`${name}.ticketSecret is neither text nor bytes`);
	else if (ticketSecret.length < LEAST_SECRET)
		wrong.push(`${name}.ticketSecret has ${ticketSecret.length} bytes, and must have ${LEAST_SECRET} at least`);
}

function checkNames(value: object, known: readonly string[], name: string, wrong: string[]): void {
	for (const key of Object.keys(value))
		if (!known.includes(key)) wrong.push(`${name}.${key}: no such setting; ${choices(key, known)}`);
}

function isPem(value: unknown): boolean {
	return value instanceof Uint8Array || (typeof value === 'string' && value.includes('-----BEGIN'));
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
	return typeof value === 'object' && value !== null && !Array.isArray(value);
}
