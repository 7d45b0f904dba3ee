/**
 * Errors on their way between a thread and the process. Structured cloning would lose their classes and codes, by which
 * engines and apps tell them apart; the classes of the convention arrive as what they were.
 */
import {
	Abort,
	Disconnected,
	HttpError,
	type Phase,
	type ProxyStatusError,
	UpstreamError,
} from '../../convention/index.ts';

interface Common {
	readonly name: string;
	readonly message: string;
	readonly stack: string;
	readonly code: string | null;
	readonly cause: Thrown | null;
}

/** An error as plain data. */
export type Thrown =
	| (Common & { readonly kind: 'disconnected' | 'abort' | 'other' })
	| (Common & {
			readonly kind: 'http';
			readonly status: number;
			readonly fields: readonly string[];
			readonly expose: boolean;
	  })
	| (Common & {
			readonly kind: 'upstream';
			readonly status: number;
			readonly type: ProxyStatusError;
			readonly phase: Phase;
			readonly retryable: boolean;
			readonly details: string | null;
	  });

/** Causes of causes that are kept. */
const DEPTH = 4;

/** Anything that was thrown, as data. */
export function packed(error: unknown, depth: number = DEPTH): Thrown {
	const common = commonOf(error, depth);
	if (error instanceof Disconnected) return { ...common, kind: 'disconnected' };
	if (error instanceof Abort) return { ...common, kind: 'abort' };
	if (error instanceof HttpError)
		return { ...common, kind: 'http', status: error.status, fields: error.fields.raw, expose: error.expose };
	if (error instanceof UpstreamError) {
		const { status, type, phase, retryable, details } = error;
		return { ...common, kind: 'upstream', status, type, phase, retryable, details };
	}
	return { ...common, kind: 'other' };
}

/** The error again, with the stack of where it was thrown. */
export function unpacked(thrown: Thrown): Error {
	const error = made(thrown, thrown.cause === null ? {} : { cause: unpacked(thrown.cause) });
	// A TypeError stays recognisable by its name; its class belongs to the other thread.
	if (thrown.kind === 'other') Object.defineProperty(error, 'name', { value: thrown.name, configurable: true });
	if (thrown.code !== null && !('code' in error)) Object.assign(error, { code: thrown.code });
	Object.defineProperty(error, 'stack', { value: thrown.stack, configurable: true, writable: true });
	return error;
}

function made(thrown: Thrown, options: ErrorOptions): Error {
	const { message } = thrown;
	switch (thrown.kind) {
		case 'disconnected':
			return new Disconnected(message, options);
		case 'abort':
			return new Abort(message, options);
		case 'http':
			return new HttpError(thrown.status, { message, fields: thrown.fields, expose: thrown.expose, ...options });
		case 'upstream': {
			const { type, status, phase, retryable, details } = thrown;
			return new UpstreamError(type, {
				message,
				status,
				phase,
				retryable,
				...(details !== null && { details }),
				...options,
			});
		}
		default:
			return new Error(message, options);
	}
}

function commonOf(error: unknown, depth: number): Common {
	if (!(error instanceof Error)) {
		const message = `Thrown: ${shown(error)}`;
		return { name: 'Error', message, stack: `Error: ${message}`, code: null, cause: null };
	}
	const { name, message, stack, cause } = error;
	const code = 'code' in error && typeof error.code === 'string' ? error.code : null;
	return {
		name,
		message,
		stack: stack ?? `${name}: ${message}`,
		code,
		cause: cause === undefined || depth === 0 ? null : packed(cause, depth - 1),
	};
}

function shown(value: unknown): string {
	try {
		return String(value);
	} catch {
		return typeof value;
	}
}
