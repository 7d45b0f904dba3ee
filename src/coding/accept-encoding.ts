/** Accept-Encoding (RFC 9110 section 12.5.3): what may be asked of the upstream, and what the client is sent. */
import { type FieldList, listOf, type Weighted, weightedList } from '../fields/index.ts';
import { type Coding, codings, named } from './codings.ts';

/** The value without codings that we could not take off again; the same string when there are none. */
export function decodable(value: string): string {
	const choices = weightedList(value);
	const known = choices.filter((one) => one.name === 'identity' || named(one.name) !== null || isRefusal(one));
	if (known.length === choices.length) return value;
	const any = choices.find((one) => one.name === '*');
	const kept = known.map((one) => one.text);
	if (any !== undefined && !choices.some((one) => named(one.name) === 'gzip')) kept.push(any.text.replace('*', 'gzip'));
	return kept.length === 0 ? 'identity' : kept.join(', ');
}

/** `*;q=0` and `compress;q=0` say what not to send: always true of the rest, too. */
const isRefusal = (one: Weighted): boolean => one.weight === 0;

/**
 * The coding for a body that came in `upstream`: that one where the client takes it, else what the client weighs
 * highest, in the order of the table where it does not care. Null: plain.
 */
export function chosen(accept: string | null, upstream: Coding | null): Coding | null {
	if (accept === null) return null;
	const choices = weightedList(accept);
	if (upstream !== null && weightOf(choices, upstream) > 0) return upstream;
	let best: Coding | null = null;
	let most = choices.find((one) => one.name === 'identity')?.weight ?? 0;
	for (const { name, offered } of codings) {
		const weight = weightOf(choices, name);
		if (!offered || weight === 0 || weight < most || (weight === most && best !== null)) continue;
		best = name;
		most = weight;
	}
	return best;
}

/** The coding of a message's body: null for none, undefined for one that we do not know, or several. */
export function codingOf(fields: FieldList): Coding | null | undefined {
	const value = fields.get('content-encoding');
	if (value === null) return null;
	const names = listOf(value.toLowerCase()).filter((name) => name !== 'identity');
	if (names.length === 0) return null;
	return names.length === 1 ? (named(names[0] as string) ?? undefined) : undefined;
}

function weightOf(choices: readonly Weighted[], coding: Coding): number {
	const choice = choices.find((one) => named(one.name) === coding) ?? choices.find((one) => one.name === '*');
	return choice?.weight ?? 0;
}

/** Values longer than this are not looked at: browsers send twenty bytes, and nobody needs a hundred codings. */
const LONGEST = 1_000;

/**
 * The coding of `offered` that the client weighs highest; the first of them where it does not care. Null: plain, which is
 * also for those that say nothing, and for those that would take nothing at all (RFC 9110 section 12.5.3 leaves that open).
 */
export function preferred(accept: string | null, offered: readonly Coding[]): Coding | null {
	if (accept === null || accept.length > LONGEST) return null;
	const choices = weightedList(accept);
	// Plain is not better than a coding that is liked as well: whoever names it at all will have it.
	const plain = choices.find((one) => one.name === 'identity')?.weight ?? 0;
	let best: Coding | null = null;
	let most = 0;
	for (const coding of offered) {
		const weight = weightOf(choices, coding);
		if (weight <= most || weight < plain) continue;
		best = coding;
		most = weight;
	}
	return best;
}
