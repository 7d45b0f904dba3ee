/**
 * Finds functions by name. EXSLT's are known by their namespaces, with any prefix, and by the usual prefixes where an
 * expression has no namespaces; what the embedder adds comes first.
 */
import { didYouMean } from '../../diagnostics/index.ts';
import { coreFunctions } from './core-functions.ts';
import { dateFunctions } from './date-functions.ts';
import type { FunctionDefinition } from './definition.ts';
import { exsltFunctions } from './exslt-functions.ts';
import { mathFunctions } from './math-functions.ts';
import { nodeFunctions } from './node-functions.ts';
import { regexpFunctions } from './regexp-functions.ts';
import { setFunctions } from './set-functions.ts';
import { stringFunctions } from './string-functions.ts';
import { xsltFunctions } from './xslt-functions.ts';

/** The namespaces of EXSLT (exslt.org), by the prefix that is written in the tables. */
export const EXSLT: Readonly<Record<string, string>> = {
	exsl: 'http://exslt.org/common',
	str: 'http://exslt.org/strings',
	set: 'http://exslt.org/sets',
	math: 'http://exslt.org/math',
	dyn: 'http://exslt.org/dynamic',
	date: 'http://exslt.org/dates-and-times',
	regexp: 'http://exslt.org/regular-expressions',
	/** The same under another usual prefix. */
	re: 'http://exslt.org/regular-expressions',
};

const PREFIXES = new Map(
	Object.entries(EXSLT)
		.filter(([prefix]) => prefix !== 're')
		.map(([prefix, uri]) => [uri, prefix]),
);

const KNOWN: ReadonlyMap<string, FunctionDefinition> = new Map(
	Object.entries({
		...coreFunctions,
		...nodeFunctions,
		...xsltFunctions,
		...exsltFunctions,
		...stringFunctions,
		...setFunctions,
		...mathFunctions,
		...dateFunctions,
		...regexpFunctions,
	}),
);

export type Found =
	| { readonly name: string; readonly definition: FunctionDefinition }
	| { readonly problem: string; readonly hint: string | null };

export class FunctionNames {
	private readonly namespaces: ReadonlyMap<string, string>;
	private readonly added: ReadonlyMap<string, FunctionDefinition>;

	constructor(namespaces: ReadonlyMap<string, string>, added: ReadonlyMap<string, FunctionDefinition>) {
		this.namespaces = namespaces;
		this.added = added;
	}

	find(written: string): Found {
		const added = this.added.get(written);
		if (added !== undefined) return { name: written, definition: added };
		const colon = written.indexOf(':');
		const prefix = colon === -1 ? null : written.slice(0, colon);
		const uri = prefix === null ? null : (this.namespaces.get(prefix) ?? EXSLT[prefix]);
		const usual = typeof uri === 'string' ? PREFIXES.get(uri) : prefix;
		const name = prefix === null ? written : `${usual ?? prefix}${written.slice(colon)}`;
		const definition = prefix === null || usual !== undefined ? KNOWN.get(name) : undefined;
		if (definition !== undefined) return { name, definition };
		return { problem: `There is no function '${written}'.`, hint: this.hint(written, name) };
	}

	private hint(written: string, name: string): string | null {
		const names = [...this.added.keys(), ...KNOWN.keys()];
		const local = written.slice(written.indexOf(':') + 1);
		const same = names.find((one) => one !== name && one.slice(one.indexOf(':') + 1) === local);
		return same === undefined ? didYouMean(name, names) : `Did you mean '${same}'?`;
	}
}
