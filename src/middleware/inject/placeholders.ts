/** Placeholders in requests that no credential is set in their place of: harmless, and a sign that something is set up wrongly. */
import type { RawRequest } from '../../convention/index.ts';
import type { Rule } from './options.ts';
import { parametersOf } from './query-parameters.ts';

export class Placeholders {
	private readonly texts: readonly string[];
	private readonly fields: readonly string[];
	private readonly parameters: ReadonlySet<string>;

	constructor(rules: readonly Rule[]) {
		this.texts = [...new Set(rules.map(({ placeholder }) => placeholder))];
		this.fields = [...new Set(rules.flatMap(({ fields }) => [...fields.keys()].map((name) => name.toLowerCase())))];
		this.parameters = new Set(rules.flatMap(({ query }) => [...query.keys()]));
	}

	/** Whether one is in a field or parameter that has to do with credentials, and that `rule` does not set. */
	strayIn(request: RawRequest, rule: Rule | null): boolean {
		for (const name of this.fields) {
			const value = request.fields.get(name);
			if (value !== null && this.isIn(value) && !setsField(rule, name)) return true;
		}
		if (this.parameters.size === 0 || !request.target.includes('?')) return false;
		const unset = rule === null ? this.parameters : this.parameters.difference(new Set(rule.query.keys()));
		return parametersOf(request.target, unset).some((value) => this.isIn(value));
	}

	private isIn(value: string): boolean {
		return this.texts.some((text) => value.includes(text));
	}
}

function setsField(rule: Rule | null, name: string): boolean {
	if (rule === null) return false;
	for (const own of rule.fields.keys()) if (own.toLowerCase() === name) return true;
	return false;
}
