/** Rules as maps, lists and values with their places: what YAML and code have in common. */
import type { Place } from '../../diagnostics/index.ts';
import type { ContentEdit } from '../model.ts';

export type Data = DataMap | DataList | DataValue;

export interface DataMap {
	readonly kind: 'map';
	readonly entries: readonly DataEntry[];
	readonly place: Place;
}

export interface DataEntry {
	readonly key: string;
	readonly keyPlace: Place;
	readonly value: Data;
}

export interface DataList {
	readonly kind: 'list';
	readonly items: readonly Data[];
	readonly place: Place;
}

export interface DataValue {
	readonly kind: 'value';
	readonly value: string | number | boolean | null | ContentEdit;
	readonly place: Place;
	/** From an offset in the text of `value` to the place in the file; undefined where nobody can tell. */
	readonly locate?: (offset: number, length: number) => Place;
}

/** For messages. */
export function kindName(data: Data): string {
	if (data.kind !== 'value') return `a ${data.kind}`;
	return data.value === null ? 'nothing' : `a ${typeof data.value}`;
}
