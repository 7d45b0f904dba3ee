/** Reads a map of rules key by key, and tells what is not as it should be. */
import { didYouMean, type Place } from '../../diagnostics/index.ts';
import type { Mistakes } from '../mistakes.ts';
import { type Data, type DataEntry, type DataMap, type DataValue, kindName } from './data.ts';

export class MapReader {
	/** What the map is, for messages: `replace`. */
	readonly what: string;
	readonly place: Place;
	readonly #entries: ReadonlyMap<string, DataEntry>;
	readonly #mistakes: Mistakes;

	/** `known`: the keys it may have. */
	constructor(map: DataMap, what: string, known: readonly string[], mistakes: Mistakes) {
		this.what = what;
		this.place = map.place;
		this.#entries = new Map(map.entries.map((entry) => [entry.key, entry]));
		this.#mistakes = mistakes;
		for (const { key, keyPlace } of map.entries) {
			if (known.includes(key)) continue;
			const hint = didYouMean(key, known) ?? `It takes ${known.join(', ')}.`;
			mistakes.error('unknown-key', `${what} has no key '${key}'.`, keyPlace, hint);
		}
	}

	/** Null also for a key with nothing behind it, which is told. */
	get(key: string): Data | null {
		const entry = this.#entries.get(key);
		if (entry === undefined) return null;
		const { value } = entry;
		if (value.kind !== 'value' || value.value !== null) return value;
		this.#mistakes.error(
			'empty-value',
			`${key} has no value.`,
			entry.keyPlace,
			'A text that begins with # needs quotes.',
		);
		return null;
	}

	has(key: string): boolean {
		return this.#entries.has(key);
	}

	keyPlace(key: string): Place {
		return this.#entries.get(key)?.keyPlace ?? this.place;
	}

	text(key: string): TextValue | null {
		const data = this.get(key);
		return data === null ? null : textOf(data, key, this.#mistakes);
	}

	flag(key: string, fallback: boolean): boolean {
		const data = this.get(key);
		if (data === null) return fallback;
		if (data.kind === 'value' && typeof data.value === 'boolean') return data.value;
		this.#mistakes.error('bad-value', `${key} is true or false, not ${kindName(data)}.`, data.place);
		return fallback;
	}

	/** One text, or a list of them. */
	texts(key: string): readonly TextValue[] {
		const data = this.get(key);
		if (data === null) return [];
		const all = data.kind === 'list' ? data.items : [data];
		return all.flatMap((one) => textOf(one, key, this.#mistakes) ?? []);
	}
}

export type TextValue = DataValue & { readonly value: string };

export function textOf(data: Data, what: string, mistakes: Mistakes): TextValue | null {
	if (data.kind === 'value' && typeof data.value === 'string') return data as TextValue;
	mistakes.error('bad-value', `${what} is a text, not ${kindName(data)}.`, data.place);
	return null;
}

/** Null, and told, when it is something else. */
export function mapOf(data: Data, what: string, mistakes: Mistakes): DataMap | null {
	if (data.kind === 'map') return data;
	mistakes.error('bad-value', `${what} is a map, not ${kindName(data)}.`, data.place);
	return null;
}

/** The items of a list; none, and told, when it is something else. */
export function itemsOf(data: Data | null, what: string, mistakes: Mistakes): readonly Data[] {
	if (data === null) return [];
	if (data.kind === 'list') return data.items;
	mistakes.error('bad-value', `${what} is a list, not ${kindName(data)}.`, data.place, 'Begin each item with a dash.');
	return [];
}
