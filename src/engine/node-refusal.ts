/**
 * What node:http lets pass and we do not: heads that another server on the way may understand otherwise (RFC 9112 sections
 * 3.2, 6.3 and 11.2). One row for each rule; the first that holds is the answer.
 */
import { ProtocolError } from '../convention/index.ts';
import { parseAuthority, tags, wholeNumber } from '../fields/index.ts';
import type { RequestFacts } from './served-exchange.ts';

interface Limits {
	readonly target: number;
	readonly fieldCount: number;
}

interface Rule {
	readonly code: string;
	readonly status: number;
	readonly message: string;
	readonly broken: (facts: RequestFacts, limits: Limits) => boolean;
}

const rules: readonly Rule[] = [
	{
		code: 'TARGET_TOO_LONG',
		status: 414,
		message: 'The target is too long.',
		broken: ({ target }, limits) => target.length > limits.target,
	},
	{
		code: 'TOO_MANY_FIELDS',
		status: 431,
		message: 'There are too many fields.',
		broken: ({ fields }, limits) => fields.size > limits.fieldCount,
	},
	{
		code: 'TARGET',
		status: 400,
		message: 'The target is none that the method may have.',
		broken: ({ target, form, method }) => {
			if (form === 'asterisk') return method !== 'OPTIONS';
			if (form === 'authority') return !/:[1-9]\d*$/.test(target);
			return target.includes('#') || (form === 'absolute' && !/^https?:\/\//i.test(target));
		},
	},
	{
		code: 'HOST',
		status: 400,
		message: 'Host is malformed, or there is more than one.',
		broken: ({ fields, authority }) => {
			const hosts = fields.all('host');
			if (hosts.length > 1 || hosts.some((host) => parseAuthority(host) === null)) return true;
			return authority !== '' && parseAuthority(authority) === null;
		},
	},
	{
		code: 'TRANSFER_ENCODING',
		status: 400,
		message: 'The transfer coding is not chunked alone, or has no place here.',
		broken: ({ fields, version, method }) => {
			const coding = fields.getTagged(tags['transfer-encoding']);
			return coding !== null && (coding.toLowerCase() !== 'chunked' || version === '1.0' || method === 'CONNECT');
		},
	},
	{
		code: 'CONTENT_LENGTH',
		status: 400,
		message: 'Content-Length is no length, or has no place here.',
		broken: ({ fields, method }) => {
			const length = fields.getTagged(tags['content-length']);
			return length !== null && (method === 'CONNECT' || wholeNumber(length) < 0);
		},
	},
];

/** The error to answer a request with, or null when nothing is wrong with its head. */
export function nodeRefusal(facts: RequestFacts, limits: Limits): ProtocolError | null {
	const rule = rules.find(({ broken }) => broken(facts, limits));
	if (rule === undefined) return null;
	const { code, status, message } = rule;
	return new ProtocolError({ side: 'remote', code, status, message });
}
