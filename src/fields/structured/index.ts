export { parseDictionary, parseItem, parseList } from './parse.ts';
export { serializeBareItem, serializeDictionary, serializeItem, serializeList } from './serialize.ts';
export {
	type BareItem,
	Decimal,
	type Dictionary,
	DisplayString,
	type InnerList,
	type Item,
	innerList,
	isInnerList,
	item,
	type List,
	type Member,
	type Parameters,
	StructuredFieldError,
	Timestamp,
	Token,
} from './types.ts';
