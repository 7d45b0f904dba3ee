/**
 * Server Side Includes as nginx has them (ngx_http_ssi_module): `include virtual`, with `stub` and `wait`, and `block`. An
 * include by `file` is refused; other commands stay what they are for a browser: comments.
 */
import { readAttributes } from './attributes.ts';
import { parseTarget } from './filter-suffix.ts';
import { type Missed, missed } from './fragment.ts';
import type { Include, IncludeTarget } from './part.ts';
import type { PartBuilder } from './part-builder.ts';
import type { Mark } from './scanner.ts';

export function addCommand(mark: Mark, source: string, builder: PartBuilder): void {
	const { name, rest, start } = mark;
	if (name === 'include') return builder.add(includeOf(mark, source, builder));
	if (name === 'block') return builder.open('block', readAttributes(rest).get('name') ?? '', start);
	if (name === 'endblock') return builder.close('', true);
	builder.warn('unsupported', `<!--#${name} --> is left as it is`, start);
	builder.add(source);
}

function includeOf({ rest, start }: Mark, source: string, builder: PartBuilder): Include {
	const attributes = readAttributes(rest);
	const virtual = attributes.get('virtual');
	const target = virtual === undefined ? null : parseTarget(virtual);
	const fault = faultOf(attributes, target);
	if (fault !== null) builder.warn(fault.reason, fault.detail, start);
	return {
		kind: 'include',
		syntax: 'ssi',
		href: target?.href ?? '',
		filter: target?.filter ?? null,
		alternative: null,
		optional: false,
		stub: attributes.get('stub') ?? null,
		wait: attributes.get('wait') === 'yes',
		fault,
		source,
	};
}

function faultOf(attributes: ReadonlyMap<string, string>, target: IncludeTarget | null): Missed | null {
	if (attributes.has('file')) return missed('file', `Files are not included: ${attributes.get('file')}`);
	if (!attributes.has('virtual')) return missed('file', 'An include without virtual');
	if (attributes.has('set')) return missed('file', 'An include into a variable is not supported');
	return target === null ? missed('filter', `A filter that cannot be read: ${attributes.get('virtual')}`) : null;
}
