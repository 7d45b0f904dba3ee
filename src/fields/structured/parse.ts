/**
 * Reads structured fields (RFC 9651 section 4.2). Give it the value that `Fields.get` gives: all lines joined. A caller
 * that gets a StructuredFieldError must ignore the whole field.
 */
import { Scanner } from './scanner.ts';
import type { BareItem, Dictionary, InnerList, Item, List, Member, Parameters } from './types.ts';

/** Reads an Item. Throws StructuredFieldError. */
export function parseItem(text: string): Item {
	return whole(text, parsedItem);
}

/** Reads a List; an empty one from an empty text. Throws StructuredFieldError. */
export function parseList(text: string): List {
	return whole(text, (scanner) => {
		const members: Member[] = [];
		while (!scanner.done) {
			members.push(parsedMember(scanner));
			separator(scanner);
		}
		return members;
	});
}

/** Reads a Dictionary; of a key that comes twice the last value counts, in the place of the first. Throws StructuredFieldError. */
export function parseDictionary(text: string): Dictionary {
	return whole(text, (scanner) => {
		const members = new Map<string, Member>();
		while (!scanner.done) {
			const key = scanner.key();
			const member = scanner.skip('=') ? parsedMember(scanner) : { value: true, parameters: parsedParameters(scanner) };
			members.set(key, member);
			separator(scanner);
		}
		return members;
	});
}

function whole<T>(text: string, parse: (scanner: Scanner) => T): T {
	const scanner = new Scanner(text);
	scanner.skipSpaces();
	const result = parse(scanner);
	scanner.skipSpaces();
	if (!scanner.done) scanner.fail('Something follows the value');
	return result;
}

/** Moves past the comma between two members, or to the end. */
function separator(scanner: Scanner): void {
	scanner.skipWhiteSpace();
	if (scanner.done) return;
	if (!scanner.skip(',')) scanner.fail('A comma is missing between two members');
	scanner.skipWhiteSpace();
	if (scanner.done) scanner.fail('Nothing follows a comma');
}

function parsedMember(scanner: Scanner): Member {
	return scanner.peek('(') ? parsedInnerList(scanner) : parsedItem(scanner);
}

function parsedInnerList(scanner: Scanner): InnerList {
	const start = scanner.offset;
	scanner.skip('(');
	const items: Item[] = [];
	for (;;) {
		scanner.skipSpaces();
		if (scanner.skip(')')) return { items, parameters: parsedParameters(scanner) };
		if (scanner.done) scanner.fail('An inner list is not closed', start);
		items.push(parsedItem(scanner));
		if (!scanner.peek(' ') && !scanner.peek(')')) scanner.fail('A space or ")" is missing in an inner list');
	}
}

function parsedItem(scanner: Scanner): Item {
	const value = scanner.bareItem();
	return { value, parameters: parsedParameters(scanner) };
}

function parsedParameters(scanner: Scanner): Parameters {
	const parameters = new Map<string, BareItem>();
	while (scanner.skip(';')) {
		scanner.skipSpaces();
		const key = scanner.key();
		parameters.set(key, scanner.skip('=') ? scanner.bareItem() : true);
	}
	return parameters;
}
