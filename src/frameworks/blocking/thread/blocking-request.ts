/** A request as a blocking callable sees it. */
import type { Address, TargetForm, Version } from '../../../convention/index.ts';
import { HeadersView } from '../../../convention/index.ts';
import { FieldList } from '../../../fields/index.ts';
import type { RequestHead } from '../messages.ts';
import { BlockingBody } from './blocking-body.ts';
import type { Thread } from './thread.ts';

export class BlockingRequest {
	readonly method: string;
	/** The request-target, byte for byte. */
	readonly target: string;
	readonly form: TargetForm;
	/** Whom the request is for; empty when nothing said it. */
	readonly authority: string;
	readonly scheme: 'http' | 'https';
	readonly version: Version;
	/** What outer mounts took off the front of the path. */
	readonly mount: string;
	/** Who is asking. */
	readonly remote: Address;
	/** Blocks while it is read; empty where there is none. */
	readonly body: BlockingBody;
	private readonly head: RequestHead;
	private list: FieldList | null = null;
	private view: HeadersView | null = null;

	constructor(thread: Thread, number: number, head: RequestHead) {
		this.head = head;
		this.method = head.method;
		this.target = head.target;
		this.form = head.form;
		this.authority = head.authority;
		this.scheme = head.scheme;
		this.version = head.version;
		this.mount = head.mount;
		this.remote = head.remote;
		this.body = new BlockingBody(thread, number, head.body);
	}

	/** The fields as they came. */
	get fields(): FieldList {
		this.list ??= FieldList.of(this.head.fields);
		return this.list;
	}

	/** The same as fetch's Headers. */
	get headers(): Headers {
		this.view ??= new HeadersView(this.fields);
		return this.view;
	}

	/** The whole URL, as fetch would have it. */
	get url(): string {
		const { scheme, authority, target, form } = this;
		if (form === 'absolute') return target;
		const host = `${scheme}://${authority === '' ? 'localhost' : authority}`;
		return form === 'origin' ? `${host}${target}` : `${host}/`;
	}

	/** The path of the target, without its query; nothing is decoded. */
	get path(): string {
		const end = this.target.indexOf('?');
		return end === -1 ? this.target : this.target.slice(0, end);
	}

	/** The parameters of the query. */
	get query(): URLSearchParams {
		const at = this.target.indexOf('?');
		return new URLSearchParams(at === -1 ? '' : this.target.slice(at));
	}

	/** All of the body. Throws TooLargeError when there are more than `limit` bytes. */
	bytes(limit?: number): Uint8Array<ArrayBuffer> {
		return this.body.bytes(limit);
	}

	text(limit?: number): string {
		return this.body.text(limit);
	}

	json(limit?: number): unknown {
		return this.body.json(limit);
	}
}
