/** The attributes of one element of rules: each read by its name, whether it was written as XPath or as its CSS twin. */
import { didYouMean, type Place } from '../diagnostics/index.ts';
import type { Mistakes } from './mistakes.ts';
import type { Expression, MarkupAttribute, Selection } from './model.ts';
import { isRules } from './namespaces.ts';
import { ATTRIBUTES, TWINS } from './vocabulary.ts';

export interface Attributed {
	readonly name: string;
	readonly attributes: readonly MarkupAttribute[];
	readonly namespaces: ReadonlyMap<string, string>;
	readonly place: Place;
}

export class RuleAttributes {
	readonly name: string;
	readonly place: Place;
	readonly #element: Attributed;
	readonly #mistakes: Mistakes;

	constructor(element: Attributed, mistakes: Mistakes) {
		this.name = element.name;
		this.place = element.place;
		this.#element = element;
		this.#mistakes = mistakes;
	}

	/** Tells of attributes that this element does not have. */
	check(extra: readonly string[] = []): void {
		const known = [...(ATTRIBUTES[this.name] ?? []), ...extra];
		const twins = ['prefix', ...known.filter((name) => TWINS.includes(name))];
		for (const { namespace, name, place } of this.#element.attributes) {
			if (namespace === '' ? known.includes(name) : namespace === 'css' && twins.includes(name)) continue;
			// Notes of others, in namespaces of their own, are nobody's business.
			if (namespace !== '' && namespace !== 'css' && !isRules(namespace)) continue;
			const written = namespace === 'css' ? `css:${name}` : name;
			const words = [...known, ...twins.map((twin) => `css:${twin}`)];
			const hint = isRules(namespace)
				? `Attributes have no prefix: write ${name.replace(/^.*:/, '')}.`
				: (didYouMean(written, words) ?? `It takes ${known.join(', ')}.`);
			this.#mistakes.passedOver('unknown-attribute', `<${this.name}> has no attribute '${written}'.`, place, hint);
		}
	}

	/** As XPath or as text. */
	plain(name: string): MarkupAttribute | null {
		return this.#find('', name);
	}

	css(name: string): MarkupAttribute | null {
		return this.#find('css', name);
	}

	has(name: string): boolean {
		return this.plain(name) !== null || this.css(name) !== null;
	}

	/** What is written, in either language; CSS wins when both are there, as it does in Diazo. */
	written(name: string): MarkupAttribute | null {
		const [plain, css] = [this.plain(name), this.css(name)];
		if (plain !== null && css !== null) {
			const message = `<${this.name}> has both ${name} and css:${name}.`;
			this.#mistakes.passedOver('two-selectors', message, plain.place, 'Keep one of them.');
		}
		return css ?? plain;
	}

	/** The selector in an attribute; null when there is none, or an empty one, which is told. */
	expression(name: string): Expression | null {
		const attribute = this.written(name);
		if (attribute === null) return null;
		if (attribute.value.trim() === '') {
			this.#mistakes.passedOver('empty-selector', `${attribute.name} is empty: it selects nothing.`, attribute.place);
			return null;
		}
		return this.expressionOf(attribute);
	}

	expressionOf({ namespace, value, place }: MarkupAttribute): Expression {
		const { namespaces } = this.#element;
		if (namespace !== 'css') return { language: 'xpath', text: value, place, namespaces };
		return { language: 'css', text: value, place, prefix: this.css('prefix')?.value ?? null };
	}

	/** `theme` or `theme-children`, `content` or `content-children`. */
	selection(name: 'theme' | 'content'): Selection | null {
		const children = `${name}-children`;
		if (this.has(name) && this.has(children)) {
			const message = `<${this.name}> has both ${name} and ${children}.`;
			this.#mistakes.error('two-selectors', message, this.place, 'Keep one of them.');
		}
		const from = this.has(name) ? name : children;
		const select = this.expression(from);
		return select === null ? null : { select, children: from === children };
	}

	#find(namespace: string, name: string): MarkupAttribute | null {
		return this.#element.attributes.find((one) => one.namespace === namespace && one.name === name) ?? null;
	}
}
