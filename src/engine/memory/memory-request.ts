/** What the client of the memory engine sends, in the short form that tests like to write, and as the app will see it. */
import { bytesSource, fromIterable, type Piece, type Source } from '../../bytes/index.ts';
import {
	type Abilities,
	type Address,
	raw,
	type TargetForm,
	type TlsFacts,
	type Version,
} from '../../convention/index.ts';
import { FieldList, type FieldsInit, tokens } from '../../fields/index.ts';

/** A request to an app in memory. Everything has a default: `{}` is `GET / HTTP/1.1` for `localhost`. */
export interface MemoryRequest {
	/** Sets scheme, authority and target at once: 'http://example.com/path?query', or only '/path?query'. */
	readonly url?: string;
	/** Default: GET, or POST when there is a body. */
	readonly method?: string;
	/** Byte for byte as the app shall see it. Default: '/'. */
	readonly target?: string;
	/** Default: what the target looks like. */
	readonly form?: TargetForm;
	/** Default: 'localhost'. A Host field is added where there is none. */
	readonly authority?: string;
	/** Default: 'http'. */
	readonly scheme?: 'http' | 'https';
	/** Default: '1.1'. */
	readonly version?: Version;
	readonly fields?: FieldsInit;
	/** Framing fields are added for it as a client would. Forms bring their content-type. */
	readonly body?: MemoryBody | null;
	/** Fields behind the body. */
	readonly trailers?: FieldsInit;
	/** What a tunnel may become. Default: what Upgrade or CONNECT say. */
	readonly offers?: readonly string[];
	/** Who is calling. Default: an address of kind 'memory'. */
	readonly remote?: Address;
	readonly local?: Address;
	readonly tls?: TlsFacts | null;
	/** What the engine shall say it can do. Default: everything but `sendFile`. */
	readonly can?: Partial<Abilities>;
	/** Bytes of a response or a tunnel that are on their way before anybody reads. Default: 65,536. */
	readonly window?: number;
}

export type MemoryBody =
	| string
	| Uint8Array
	| Source
	| URLSearchParams
	| FormData
	| AsyncIterable<Piece>
	| Iterable<Piece>;

/** What an exchange is made of, with every default filled in. */
export interface MemoryMessage {
	readonly method: string;
	readonly target: string;
	readonly form: TargetForm;
	readonly authority: string;
	readonly scheme: 'http' | 'https';
	readonly version: Version;
	readonly fields: FieldList;
	readonly payload: Source | null;
	readonly trailers: FieldList | null;
	readonly offers: readonly string[];
}

/** Takes a URL, a path, the short form, or any Request. */
export function memoryMessage(request: string | MemoryRequest | Request): MemoryMessage {
	if (typeof request === 'string') return fromShort({ url: request });
	return request instanceof Request ? fromRequest(request) : fromShort(request);
}

function fromRequest(request: Request): MemoryMessage {
	const { method, target, form, authority, scheme, version, payload, fields } = raw(request);
	const list = FieldList.of(fields);
	if (!list.has('host')) list.append('Host', authority);
	return { method, target, form, authority, scheme, version, fields: list, payload, trailers: null, offers: [] };
}

const URL_PARTS = /^(https?):\/\/([^/?#]*)([^#]*)/;

function fromShort(request: MemoryRequest): MemoryMessage {
	const parts = URL_PARTS.exec(request.url ?? '');
	const path = parts === null ? request.url : parts[3];
	const target = request.target ?? (path === undefined || path === '' ? '/' : path.startsWith('?') ? `/${path}` : path);
	const fields = FieldList.of(request.fields);
	const authority = request.authority ?? parts?.[2] ?? fields.get('host') ?? 'localhost';
	const version = request.version ?? '1.1';
	if (!fields.has('host') && version !== '2') fields.append('Host', authority);
	const payload = payloadOf(request.body ?? null, fields);
	if (payload !== null) addFraming(fields, payload, version);
	const method = request.method ?? (payload === null ? 'GET' : 'POST');
	return {
		method,
		target,
		form: request.form ?? formOf(method, target),
		authority,
		scheme: request.scheme ?? (parts?.[1] === 'https' ? 'https' : 'http'),
		version,
		fields,
		payload,
		trailers: request.trailers === undefined ? null : FieldList.of(request.trailers),
		offers: request.offers ?? offersOf(method, fields),
	};
}

function payloadOf(body: MemoryBody | null, fields: FieldList): Source | null {
	if (body === null) return null;
	if (typeof body === 'string' || body instanceof Uint8Array) return bytesSource(body);
	if (body instanceof URLSearchParams || body instanceof FormData) {
		// Only fetch itself knows how a form is written.
		const native = raw(new Request('http://localhost/', { method: 'POST', body }));
		if (!fields.has('content-type')) fields.append('Content-Type', native.fields.get('content-type') as string);
		return native.payload;
	}
	return 'start' in body ? body : fromIterable(body);
}

function addFraming(fields: FieldList, payload: Source, version: Version): void {
	if (fields.has('content-length') || fields.has('transfer-encoding')) return;
	if (payload.length !== null) fields.append('Content-Length', String(payload.length));
	else if (version === '1.1') fields.append('Transfer-Encoding', 'chunked');
}

function formOf(method: string, target: string): TargetForm {
	if (method === 'CONNECT') return 'authority';
	if (target === '*') return 'asterisk';
	return target.startsWith('/') ? 'origin' : 'absolute';
}

function offersOf(method: string, fields: FieldList): readonly string[] {
	if (method === 'CONNECT') return ['connect'];
	const upgrade = fields.get('upgrade');
	if (upgrade === null || !tokens(fields.get('connection') ?? '').includes('upgrade')) return [];
	return tokens(upgrade);
}
