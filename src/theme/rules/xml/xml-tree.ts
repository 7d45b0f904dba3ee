/** An XML document as the rules need it: resolved namespaces, and of everything where it stands. */
import type { Place } from '../../diagnostics/index.ts';

export interface XmlElement {
	readonly type: 'element';
	/** '' when there is none. */
	readonly prefix: string;
	readonly local: string;
	/** URI; '' for none. */
	readonly namespace: string;
	/** Without namespace declarations. */
	readonly attributes: readonly XmlAttribute[];
	readonly children: readonly XmlNode[];
	/** Prefixes in scope; '' is the default namespace. */
	readonly namespaces: ReadonlyMap<string, string>;
	/** `xml:space="preserve"` is in force. */
	readonly preserve: boolean;
	/** The start tag's `<` and name. */
	readonly place: Place;
}

export interface XmlAttribute {
	readonly prefix: string;
	readonly local: string;
	readonly namespace: string;
	readonly value: string;
	/** The name. */
	readonly namePlace: Place;
	/** The value, without its quotes. */
	readonly place: Place;
}

export interface XmlText {
	readonly type: 'text';
	readonly text: string;
	/** Written as CDATA: whitespace in it was meant. */
	readonly cdata: boolean;
	readonly place: Place;
}

export interface XmlComment {
	readonly type: 'comment';
	readonly text: string;
	readonly place: Place;
}

export type XmlNode = XmlElement | XmlText | XmlComment;

/** XML's own whitespace: a no-break space is not. */
export function isBlank(text: string): boolean {
	return /^[ \t\r\n]*$/.test(text);
}

export function qualifiedName({ prefix, local }: { readonly prefix: string; readonly local: string }): string {
	return prefix === '' ? local : `${prefix}:${local}`;
}
