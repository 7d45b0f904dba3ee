/** What an intermediary is to others: its name, what it says of itself in Via, and how it finds its own traces (RFC 9110 section 7.6.3). */
import type { Version } from '../convention/index.ts';
import { FieldLine, type FieldList, passedThrough, tags } from '../fields/index.ts';
import { checkedName, processName } from './name.ts';

export class Hop {
	/** Our name in Via and Proxy-Status. */
	readonly name: string;
	/** What Via says of us, for a message that came in HTTP/1.1. */
	private readonly line: FieldLine;

	/** Throws TypeError for a name that Via cannot hold. */
	constructor(name: string = processName) {
		this.name = checkedName(name);
		this.line = new FieldLine(tags.via, 'Via', `1.1 ${this.name}`);
	}

	/** Our own name in Via means that the request has come back to us. */
	isLoop(fields: FieldList): boolean {
		return fields.hasTagged(tags.via) && passedThrough(fields.getTagged(tags.via) ?? '', this.name);
	}

	/** Adds us to a message that came in this version. */
	sign(fields: FieldList, version: Version): void {
		if (version === '1.1') fields.pushLine(this.line);
		else fields.push(tags.via, 'Via', `${version} ${this.name}`);
	}
}
