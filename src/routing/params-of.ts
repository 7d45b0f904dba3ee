/** What a pattern says about its parameters, read by the type checker: `/shops/:shop/*rest` has `shop` and `rest`. */

/** The parameters of a pattern: each is there, and is text. A pattern that is not known as a literal has any of them. */
export type ParamsOf<Pattern extends string> = string extends Pattern
	? Readonly<Record<string, string>>
	: { readonly [Name in NamesIn<WithoutMethod<Pattern>>]: string };

type WithoutMethod<Pattern extends string> = Pattern extends `${string} ${infer Place}` ? Place : Pattern;

type NamesIn<Place extends string> = Place extends `${infer Segment}/${infer Rest}`
	? NameIn<Segment> | NamesIn<Rest>
	: NameIn<Place>;

/** `:name(constraint)`, `:name.` of a host, `:name`, `*name`; `*` and `*.` of a host have no name. */
type NameIn<Segment extends string> = Segment extends `:${infer Name}(${string}`
	? Name
	: Segment extends `:${infer Name}.${string}`
		? Name
		: Segment extends `:${infer Name}`
			? Name
			: Segment extends '*' | `*.${string}`
				? never
				: Segment extends `*${infer Name}`
					? Name
					: never;
