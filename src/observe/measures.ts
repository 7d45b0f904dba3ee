/**
 * What can be measured of a part of the server, and how Prometheus reads it (text format 0.0.4). Names and labels are stable, and
 * labels take few values: never a path, a client or anything else that somebody outside chooses.
 */

interface Named {
	/** `turnabout_` and what it is, with its unit: `turnabout_cache_bytes`. */
	readonly name: string;
	readonly help: string;
	readonly labels?: Readonly<Record<string, string>>;
}

/** A number that only grows (its name ends in `_total`), or one that goes up and down. */
export interface Measure extends Named {
	readonly type: 'counter' | 'gauge';
	readonly value: number;
}

/** How often something was how large. */
export interface Distribution extends Named {
	readonly type: 'histogram';
	/** Upper bounds, and for each how often it was no larger than it and larger than the one before; the last count is of what is larger than all. */
	readonly bounds: readonly number[];
	readonly counts: readonly number[];
	readonly sum: number;
}

export type AnyMeasure = Measure | Distribution;

/** Whatever has something to measure. */
export interface Measured {
	measures(): readonly AnyMeasure[];
}

/** Several processes as one: what has the same name and labels is added up. */
export function summed(lists: readonly (readonly AnyMeasure[])[]): AnyMeasure[] {
	const all = new Map<string, AnyMeasure>();
	for (const one of lists.flat()) {
		const key = `${one.name}${labelsOf(one.labels)}`;
		const before = all.get(key);
		all.set(key, before === undefined ? one : sum(before, one));
	}
	return [...all.values()];
}

function sum(one: AnyMeasure, other: AnyMeasure): AnyMeasure {
	if (one.type !== 'histogram') return { ...one, value: one.value + (other as Measure).value };
	const { counts, sum: total } = other as Distribution;
	return { ...one, counts: one.counts.map((count, at) => count + (counts[at] ?? 0)), sum: one.sum + total };
}

/** The text that Prometheus reads; families stand together, each with one line of help. */
export function exposition(measures: readonly AnyMeasure[]): string {
	const families = Map.groupBy(measures, ({ name }) => name);
	let text = '';
	for (const [name, [first, ...rest]] of families) {
		if (first === undefined) continue;
		text += `# HELP ${name} ${first.help.replaceAll('\\', '\\\\').replaceAll('\n', '\\n')}\n# TYPE ${name} ${first.type}\n`;
		for (const one of [first, ...rest])
			text += one.type === 'histogram' ? buckets(one) : line(name, one.labels, one.value);
	}
	return text;
}

function buckets({ name, labels, bounds, counts, sum: total }: Distribution): string {
	let text = '';
	let count = 0;
	for (const [at, bound] of [...bounds, Number.POSITIVE_INFINITY].entries()) {
		count += counts[at] ?? 0;
		text += line(
			`${name}_bucket`,
			{ ...labels, le: bound === Number.POSITIVE_INFINITY ? '+Inf' : String(bound) },
			count,
		);
	}
	return text + line(`${name}_sum`, labels, total) + line(`${name}_count`, labels, count);
}

function line(name: string, labels: Named['labels'], value: number): string {
	return `${name}${labelsOf(labels)} ${Number.isFinite(value) ? value : value > 0 ? '+Inf' : 'NaN'}\n`;
}

function labelsOf(labels: Named['labels']): string {
	const pairs = Object.entries(labels ?? {}).map(([name, value]) => `${name}="${escaped(value)}"`);
	return pairs.length === 0 ? '' : `{${pairs.join(',')}}`;
}

function escaped(value: string): string {
	return value.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n');
}
