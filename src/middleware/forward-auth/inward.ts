/**
 * The request that goes on: with the server's word in the fields that were agreed upon, and never with the client's. A
 * program behind CGI or its like cannot tell `Remote_User` from `Remote-User`, so neither passes; and a client that names
 * such a field in Connection would have the next proxy take our word off again (RFC 9110 section 7.6.1).
 */
import { derive, type IncomingRequest, type RawRequest } from '../../convention/index.ts';
import { FieldList, listOf, tags } from '../../fields/index.ts';
import { roleWords } from '../guard.ts';
import type { ForwardAuthSettings } from './options.ts';

/** Name and value, flat. */
export type Granted = readonly string[];

export class Inward {
	private readonly settings: ForwardAuthSettings;
	private readonly claimed: ReadonlySet<string>;

	constructor(settings: ForwardAuthSettings) {
		this.settings = settings;
		this.claimed = new Set(settings.copy.map(plainName));
	}

	/** Names of the request's fields that only the server may set. */
	spoofed(request: RawRequest): string[] {
		const names: string[] = [];
		if (this.claimed.size === 0) return names;
		for (const [name] of request.fields) if (this.claimed.has(plainName(name))) names.push(name);
		return names;
	}

	request(request: IncomingRequest, granted: Granted): RawRequest {
		const fields = FieldList.from(request.fields).copy();
		for (const name of this.spoofed(request)) fields.delete(name);
		this.keepNominations(fields);
		if (!this.settings.pass) fields.deleteTagged(roleWords[this.settings.role].tag);
		for (let i = 0; i < granted.length; i += 2) fields.append(granted[i] as string, granted[i + 1] as string);
		return derive(request, { fields });
	}

	private keepNominations(fields: FieldList): void {
		const connection = fields.getTagged(tags.connection);
		if (connection === null) return;
		const named = listOf(connection);
		const kept = named.filter((one) => !this.claimed.has(plainName(one)));
		if (kept.length === named.length) return;
		fields.deleteTagged(tags.connection);
		if (kept.length > 0) fields.append('Connection', kept.join(', '));
	}
}

function plainName(name: string): string {
	return name.toLowerCase().replaceAll('_', '-');
}
