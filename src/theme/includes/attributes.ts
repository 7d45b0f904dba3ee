/** Attributes of an include: `name="value"`, `name='value'` or `name=value`; the first of a name counts. */

const ATTRIBUTE = /([^\s=/"']+)\s*(?:=\s*(?:"([^"]*)"|'([^']*)'|([^\s"']+)))?/y;
const BETWEEN = /[\s/]*/y;

/** What stands behind something that cannot be read is not read. */
export function readAttributes(text: string): Map<string, string> {
	const attributes = new Map<string, string>();
	for (let at = 0; ; ) {
		BETWEEN.lastIndex = at;
		BETWEEN.exec(text);
		ATTRIBUTE.lastIndex = BETWEEN.lastIndex;
		const match = ATTRIBUTE.exec(text);
		if (match === null) return attributes;
		const [, name = '', double, single, bare] = match;
		if (!attributes.has(name)) attributes.set(name, double ?? single ?? bare ?? '');
		at = ATTRIBUTE.lastIndex;
	}
}

const entities: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

/** The references that XML knows, in the value of an element's attribute. */
export function decodeReferences(value: string): string {
	if (!value.includes('&')) return value;
	return value.replace(/&(?:#(\d{1,7})|#[xX]([\da-fA-F]{1,6})|([a-z]{2,4}));/g, (all, decimal, hex, name) => {
		if (name !== undefined) return entities[name] ?? all;
		const code = decimal === undefined ? Number.parseInt(hex, 16) : Number(decimal);
		return code <= 0x10ffff ? String.fromCodePoint(code) : all;
	});
}
