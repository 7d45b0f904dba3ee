/**
 * A stand-in for the global Response of Node.js, whose own makes a stream of every text. Made of text or bytes, a response
 * is ours: the same members, the raw message inside, a tenth of the time. Whatever else one can be made of, and whatever
 * fetch would refuse or change, goes to the native constructor, whose verdict counts.
 */
import { FieldList } from '../fields/index.ts';
import type { Payload } from './app.ts';
import { OutgoingResponse, respond } from './response.ts';

type Init = ResponseInit | null | undefined;

/**
 * Makes `new Response` and `Response.json` light from here on, in this whole process; `instanceof Response` holds for light
 * and native ones alike. Gives back what undoes it. A light response is not known to code inside the runtime that
 * takes Responses by their hidden parts, which is `WebAssembly.compileStreaming` and its sister.
 */
export function installLightResponse(): () => void {
	const before = Object.getOwnPropertyDescriptor(globalThis, 'Response') as PropertyDescriptor;
	const native = globalThis.Response;
	const light = lightConstructor(native);
	const constructors: readonly object[] = [native.prototype, OutgoingResponse.prototype];
	const own = constructors.map((prototype) => Object.getOwnPropertyDescriptor(prototype, 'constructor'));
	Object.defineProperty(globalThis, 'Response', { ...WRITABLE, value: light });
	// Frameworks tell a response by its constructor's name.
	for (const prototype of constructors) Object.defineProperty(prototype, 'constructor', { ...WRITABLE, value: light });
	return () => {
		Object.defineProperty(globalThis, 'Response', before);
		for (const [at, prototype] of constructors.entries())
			Object.defineProperty(prototype, 'constructor', own[at] as PropertyDescriptor);
	};
}

const WRITABLE = { configurable: true, enumerable: false, writable: true };

function lightConstructor(native: typeof Response): typeof Response {
	function construct(this: unknown, body?: unknown, init?: Init): object {
		if (new.target === undefined) throw new TypeError("Class constructor Response cannot be invoked without 'new'");
		if (new.target !== (light as unknown)) return Reflect.construct(native, [body, init], new.target) as object;
		return (
			lightResponse(body, init) ?? new native(body as ConstructorParameters<typeof Response>[0], init ?? undefined)
		);
	}
	const light = construct as unknown as typeof Response;
	// The static members that are not told otherwise are the native ones.
	Object.setPrototypeOf(light, native);
	Object.defineProperties(light, {
		name: { value: 'Response' },
		length: { value: 0 },
		prototype: { value: native.prototype, writable: false },
		json: { ...WRITABLE, value: json },
	});
	return light;
}

function json(data: unknown, init?: Init): Response {
	const text: string | undefined = JSON.stringify(data);
	if (text === undefined) throw new TypeError('Value is not JSON serializable');
	const made = new Response(text, init ?? undefined);
	// Without one of its own, text has got the type of text.
	if (!typed(init)) made.headers.set('content-type', 'application/json');
	return made;
}

function typed(init: Init): boolean {
	return init?.headers !== undefined && new Headers(init.headers).has('content-type');
}

/** The response, or null where the native constructor is to decide. */
function lightResponse(body: unknown, init: Init): OutgoingResponse | null {
	const payload = payloadOf(body);
	if (payload === undefined) return null;
	if (init === undefined || init === null) return respond(200, null, payload);
	const { status = 200, statusText = '', headers } = init;
	if (!Number.isInteger(status) || status < 200 || status > 599) return null;
	if (payload !== null && (status === 204 || status === 205 || status === 304)) return null;
	const fields = fieldsOf(headers);
	if (fields === null || typeof statusText !== 'string') return null;
	try {
		return statusText === ''
			? respond(status, fields, payload)
			: respond(status, fields, payload, { reason: statusText });
	} catch {
		return null;
	}
}

/** Bytes are copied, as fetch does: they are the caller's. Undefined for other kinds of body. */
function payloadOf(body: unknown): Payload | undefined {
	if (typeof body === 'string') return body;
	if (body === null || body === undefined) return null;
	if (body instanceof Uint8Array) return new Uint8Array(body);
	return body instanceof ArrayBuffer ? new Uint8Array(body.slice(0)) : undefined;
}

/** Null for what fetch would trim, convert or refuse. */
function fieldsOf(headers: ResponseInit['headers']): FieldList | null {
	if (headers === undefined) return FieldList.empty();
	if (typeof headers !== 'object' || headers === null) return null;
	try {
		if (headers instanceof Headers) return FieldList.of(headers);
		if (Symbol.iterator in headers || Object.getOwnPropertySymbols(headers).length > 0) return null;
		const fields = FieldList.empty();
		for (const name of Object.keys(headers)) {
			const value: unknown = (headers as Readonly<Record<string, unknown>>)[name];
			if (typeof value !== 'string' || fields.has(name)) return null;
			fields.append(name, value);
		}
		return fields;
	} catch {
		return null;
	}
}
