export { type ByteRange, parseByteRanges } from './byte-ranges.ts';
export { connectionOptions, deleteNominated, hasConnectionOption, nominatesNothing } from './connection-options.ts';
export {
	type CookieAttributes,
	cookieFault,
	cookieValue,
	formatSetCookie,
	parseCookies,
} from './cookie.ts';
export { type EntityTag, parseEntityTag, parseEntityTags, sameStrongly, sameWeakly } from './entity-tag.ts';
export { FieldLine } from './field-line.ts';
export { FieldList, type Fields, type FieldsInit, type RawFields, STRIDE } from './field-list.ts';
export {
	type ForwardedElement,
	type ForwardedNode,
	formatForwarded,
	formatForwardedNode,
	parseForwarded,
	parseForwardedNode,
} from './forwarded.ts';
export { type Authority, formatAuthority, parseAuthority } from './host.ts';
export { formatHttpDate, parseHttpDate } from './http-date.ts';
export { isIPv4, isIPv6 } from './ip-address.ts';
export { listOf, tokens } from './list.ts';
export {
	formatParameterized,
	formatParameters,
	type Parameter,
	type Parameterized,
	parameter,
	parseParameterized,
	parseParameters,
	quote,
	tokenOrQuoted,
	unquote,
} from './parameters.ts';
export * from './special.ts';
export * as structured from './structured/index.ts';
export { checkName, checkValue, isToken } from './syntax.ts';
export { addVary } from './vary.ts';
export { formatVia, parseVia, passedThrough, type ViaEntry } from './via.ts';
export { type Weighted, weightedList } from './weighted-list.ts';
export { normalized, trimmed } from './white-space.ts';
export { wholeNumber } from './whole-number.ts';
