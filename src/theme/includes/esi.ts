/**
 * Edge Side Includes (ESI Language Specification 1.0): `include`, `remove`, `comment`, `try`, and `<!--esi … -->`. What
 * depends on variables (`choose`, `vars`) is left out, with its content, and said so.
 */
import { decodeReferences, readAttributes } from './attributes.ts';
import { parseTarget } from './filter-suffix.ts';
import { missed } from './fragment.ts';
import type { Include } from './part.ts';
import type { FrameKind, PartBuilder } from './part-builder.ts';
import type { Mark } from './scanner.ts';

/** What an element opens; those that are in no row are dropped with a warning. */
const elements: Readonly<Record<string, FrameKind | 'include' | 'nothing'>> = {
	include: 'include',
	comment: 'nothing',
	remove: 'dropped',
	try: 'try',
	attempt: 'attempt',
	except: 'except',
};

export function addElement(mark: Mark, source: string, builder: PartBuilder): void {
	const { name, start, empty } = mark;
	const row = Object.hasOwn(elements, name) ? elements[name] : undefined;
	if (row === 'include') return builder.add(includeOf(mark, source, builder));
	if (row === 'nothing') return;
	if (row === undefined) builder.warn('unsupported', `<esi:${name}> is left out`, start);
	if (!empty) builder.open(row ?? 'dropped', `esi:${name}`, start);
}

export function closeElement({ name }: Mark, builder: PartBuilder): void {
	builder.close(`esi:${name}`, false);
}

function includeOf({ rest, start }: Mark, source: string, builder: PartBuilder): Include {
	const attributes = readAttributes(rest);
	const src = attributes.get('src');
	const alt = attributes.get('alt');
	const target = src === undefined ? null : parseTarget(decodeReferences(src));
	const message = src === undefined ? 'An <esi:include> without src' : `A filter that cannot be read: ${src}`;
	if (target === null) builder.warn(src === undefined ? 'attribute' : 'filter', message, start);
	return {
		kind: 'include',
		syntax: 'esi',
		href: target?.href ?? '',
		filter: target?.filter ?? null,
		alternative: alt === undefined ? null : parseTarget(decodeReferences(alt)),
		optional: attributes.get('onerror') === 'continue',
		stub: null,
		wait: false,
		fault: target === null ? missed(src === undefined ? 'bad-href' : 'filter', message) : null,
		source,
	};
}
