/**
 * From source to selector. css-what splits it into tokens, and is used here and nowhere else; it lets pass what no
 * selector may be (`div >`, `. x`), and that is refused here, with the place.
 */
import { AttributeAction, parse, type Selector, SelectorType } from 'css-what';
import { CssSyntaxError } from './css-syntax-error.ts';
import { holdsList, pseudoTests } from './pseudo.ts';
import type { Combinator, Complex, Compound, Name, Operator, Test } from './selector.ts';
import { splitList } from './split-list.ts';

/** One branch of a list, without commas outside of parentheses. */
export function parseComplex(text: string): Complex {
	return new SelectorReader(text).read();
}

const COMBINATORS = new Map<SelectorType, Combinator>([
	[SelectorType.Descendant, ' '],
	[SelectorType.Child, '>'],
	[SelectorType.Adjacent, '+'],
	[SelectorType.Sibling, '~'],
]);

const OPERATORS: Readonly<Record<AttributeAction, Operator>> = {
	[AttributeAction.Exists]: 'exists',
	[AttributeAction.Equals]: '=',
	[AttributeAction.Not]: '!=',
	[AttributeAction.Element]: '~=',
	[AttributeAction.Hyphen]: '|=',
	[AttributeAction.Start]: '^=',
	[AttributeAction.End]: '$=',
	[AttributeAction.Any]: '*=',
};

const NAME = /^[\w\u00b0-\uffff-]+$/;
const UNPACKED: readonly string[] = ['host', 'host-context'];

class SelectorReader {
	private readonly source: string;

	constructor(source: string) {
		this.source = source;
	}

	read(): Complex {
		if (this.source.trim() === '') throw this.fail('A selector is empty.', null);
		const [tokens, ...others] = this.tokens();
		if (tokens === undefined || others.length > 0) throw this.fail('This is not a selector.', null);
		return this.complex(tokens, false);
	}

	private tokens(): Selector[][] {
		try {
			return parse(this.source);
		} catch (error) {
			const text = error instanceof Error ? error.message : String(error);
			const rest = /^(?:Unmatched selector: |Expected name, found )(.*)$/s.exec(text)?.[1];
			if (text.startsWith('Empty')) throw this.empty();
			if (rest === undefined) throw new CssSyntaxError(`${text.replace(/\.$/, '')}.`, 0, this.source.length);
			const offset = this.source.length - rest.length;
			const found = rest === '' ? 'the end' : `'${rest.slice(0, 20)}'`;
			throw new CssSyntaxError(`A selector cannot go on with ${found}.`, offset, rest.length);
		}
	}

	private empty(): CssSyntaxError {
		const begin = this.source.trimStart().charAt(0);
		if (/[\w*#.:[|\\]/.test(begin)) return this.fail('A part of the selector is empty.', null);
		const hint = begin === '/' ? 'This looks like XPath.' : null;
		return this.fail(`A selector cannot begin with '${begin}'.`, hint);
	}

	/** Some may be written with one colon. */
	private pseudoElement(name: string): string {
		return this.source.toLowerCase().includes(`::${name}`) ? `::${name}` : `:${name}`;
	}

	private complex(tokens: readonly Selector[], relative: boolean): Complex {
		const compounds: Compound[] = [];
		const combinators: Combinator[] = [];
		let combinator: Combinator | null = relative ? ' ' : null;
		let start = 0;
		for (let at = 0; at <= tokens.length; at++) {
			const token = tokens[at];
			const next = token === undefined ? null : this.combinator(token);
			if (token !== undefined && next === null) continue;
			const leads = at === 0 && relative;
			if (at === start && !leads) throw this.fail('A selector neither begins nor ends with a combinator.', null);
			if (!leads) {
				compounds.push(this.compound(tokens.slice(start, at)));
				combinators.push(combinator ?? ' ');
			}
			combinator = next;
			start = at + 1;
		}
		return { compounds, combinators };
	}

	private combinator(token: Selector): Combinator | null {
		if (token.type === SelectorType.Parent || token.type === SelectorType.ColumnCombinator) {
			const sign = token.type === SelectorType.Parent ? '<' : '||';
			throw this.fail(`There is no combinator '${sign}'.`, null, sign);
		}
		return COMBINATORS.get(token.type) ?? null;
	}

	private compound(tokens: readonly Selector[]): Compound {
		let name: Name = { prefix: null, local: null };
		const tests: Test[] = [];
		for (const [at, token] of tokens.entries()) {
			if (token.type !== SelectorType.Tag && token.type !== SelectorType.Universal) {
				tests.push(...this.tests(token));
				continue;
			}
			const local = token.type === SelectorType.Tag ? token.name : null;
			if (at > 0) throw this.fail(`A name stands first: '${local ?? '*'}' does not.`, null, local ?? '*');
			name = this.name(token.namespace, local);
		}
		return { name, tests };
	}

	private tests(token: Selector): readonly Test[] {
		if (token.type === SelectorType.Attribute) return [this.attribute(token)];
		if (token.type === SelectorType.PseudoElement) {
			throw this.fail(`'::${token.name}' is no element of a document.`, null, this.pseudoElement(token.name));
		}
		if (token.type !== SelectorType.Pseudo) return [];
		const { name } = token;
		const fail = (message: string, hint: string | null): CssSyntaxError => this.fail(message, hint, `:${name}`);
		if (UNPACKED.includes(name) || !Array.isArray(token.data)) {
			const data = Array.isArray(token.data) ? null : this.text(name, token.data);
			return pseudoTests({ name, data, parseList: (text) => this.list(text), fail });
		}
		const data = token.data.map((tokens) => this.complex(tokens, name === 'has'));
		if (data.length === 0) throw fail(`:${name} needs something in parentheses.`, null);
		return pseudoTests({ name, data, parseList: (text) => this.list(text), fail });
	}

	/** Parentheses without a list where there should be one cannot be read as one. */
	private text(name: string, data: string | null): string | null {
		return holdsList(name) ? null : data;
	}

	private list(text: string): readonly Complex[] {
		try {
			return splitList(text).map((branch) => parseComplex(branch.text));
		} catch (error) {
			if (!(error instanceof CssSyntaxError)) throw error;
			throw this.fail(error.message, error.hint, text);
		}
	}

	private attribute(token: Selector & { type: SelectorType.Attribute }): Test {
		const { action, value } = token;
		// Written as .x or #x: for those css-what leaves the question of case to the document.
		if (token.ignoreCase === 'quirks') {
			this.checkName(value, token.name === 'id' ? '#' : '.');
			return { kind: token.name === 'id' ? 'id' : 'class', value };
		}
		const name = this.name(token.namespace, token.name);
		return { kind: 'attribute', name, operator: OPERATORS[action], value, ignoreCase: token.ignoreCase === true };
	}

	private name(prefix: string | null, local: string | null): Name {
		if (local !== null) this.checkName(local, '');
		return {
			prefix: prefix === null ? null : prefix.toLowerCase(),
			local: local === null ? null : local.toLowerCase(),
		};
	}

	/** Whatever is escaped may be in a name, and what else may not is only seen where nothing is. */
	private checkName(name: string, before: string): void {
		if (NAME.test(name) || this.source.includes('\\')) return;
		throw this.fail(`'${name.trim()}' is not a name.`, null, `${before}${name}`);
	}

	private fail(message: string, hint: string | null, about: string = this.source): CssSyntaxError {
		const at = this.source.toLowerCase().indexOf(about.toLowerCase());
		const length = at === -1 ? this.source.length : about.length;
		return new CssSyntaxError(message, Math.max(at, 0), length, hint);
	}
}
