/** A compiled expression: one closure for each kind of value that somebody may want, so that nobody converts in vain. */

import type { NodeSet } from '../tree/index.ts';
import type { Frame } from './frame.ts';
import {
	numberToString,
	stringToNumber,
	stringValue,
	toBoolean,
	toNumber,
	toString,
	type XPathValue,
} from './value.ts';
import { XPathError } from './xpath-error.ts';

/** What is known of a value before it is there. */
export type Kind = 'nodes' | 'string' | 'number' | 'boolean' | 'any';

export interface Code {
	readonly kind: Kind;
	readonly value: (frame: Frame) => XPathValue;
	readonly nodes: (frame: Frame) => NodeSet;
	readonly string: (frame: Frame) => string;
	readonly number: (frame: Frame) => number;
	readonly boolean: (frame: Frame) => boolean;
}

const noNodes = (): never => {
	throw new XPathError('A node-set was asked for, and this is none.');
};

export const stringCode = (string: (frame: Frame) => string): Code => ({
	kind: 'string',
	value: string,
	nodes: noNodes,
	string,
	number: (frame) => stringToNumber(string(frame)),
	boolean: (frame) => string(frame) !== '',
});

export const numberCode = (number: (frame: Frame) => number): Code => ({
	kind: 'number',
	value: number,
	nodes: noNodes,
	string: (frame) => numberToString(number(frame)),
	number,
	boolean: (frame) => toBoolean(number(frame)),
});

export const booleanCode = (boolean: (frame: Frame) => boolean): Code => ({
	kind: 'boolean',
	value: boolean,
	nodes: noNodes,
	string: (frame) => String(boolean(frame)),
	number: (frame) => Number(boolean(frame)),
	boolean,
});

/** `exists` and `string` are given where they cost less than all of the nodes. */
export function nodesCode(
	nodes: (frame: Frame) => NodeSet,
	exists: (frame: Frame) => boolean = (frame) => nodes(frame).nodes.length > 0,
	string: (frame: Frame) => string = (frame) => {
		const set = nodes(frame);
		const first = set.nodes[0];
		return first === undefined ? '' : stringValue(set.tree, first);
	},
): Code {
	return {
		kind: 'nodes',
		value: nodes,
		nodes,
		string,
		number: (frame) => stringToNumber(string(frame)),
		boolean: exists,
	};
}

/** Known only when it is there: a variable, dyn:evaluate(). */
export const anyCode = (value: (frame: Frame) => XPathValue): Code => ({
	kind: 'any',
	value,
	nodes: (frame) => {
		const found = value(frame);
		return typeof found === 'object' ? found : noNodes();
	},
	string: (frame) => toString(value(frame)),
	number: (frame) => toNumber(value(frame)),
	boolean: (frame) => toBoolean(value(frame)),
});
