/** A value that nobody shall see: it is read where it is needed, and shows its name wherever it is printed. */
import type { Origin, Revealed } from './origin.ts';

const origins = new WeakMap<Secret, Origin>();

export class Secret {
	/** What is printed of it: a variable, a file, or what it is made of. */
	readonly name: string;

	constructor(name: string, origin: Origin) {
		this.name = name;
		// Not a member: whatever walks over an object's members, an inspector or a copy, finds nothing.
		origins.set(this, origin);
		Object.freeze(this);
	}

	toString(): string {
		return `[secret ${this.name}]`;
	}

	toJSON(): string {
		return this.toString();
	}
}

/** Node's hook for console.log. */
Object.defineProperty(Secret.prototype, Symbol.for('nodejs.util.inspect.custom'), {
	value(this: Secret): string {
		return this.toString();
	},
});

/** Null, or a promise to wait for before `reveal`; it never rejects. */
export function lookAt(secret: Secret): Promise<unknown> | null {
	return originOf(secret).look();
}

/** The same object as long as the value is the same. Throws SecretError, which does not hold the value. */
export function reveal(secret: Secret): Revealed {
	return originOf(secret).read();
}

export function isSecret(value: unknown): value is Secret {
	return typeof value === 'object' && value !== null && origins.has(value as Secret);
}

function originOf(secret: Secret): Origin {
	const origin = origins.get(secret);
	if (origin === undefined) throw new TypeError('This is no secret');
	return origin;
}
