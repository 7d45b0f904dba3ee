/** What is refused before there is anything to look up. */
import { refusedPath } from '../dial-guarded.ts';
import type { AddressGuard } from '../guard.ts';
import type { GuardError } from '../guard-error.ts';
import { literalRefusal } from '../literal.ts';

/** Where a client wants to go, in node's words and in undici's. */
export interface Target {
	readonly host: string;
	readonly port: number;
	readonly socketPath: string | null | undefined;
}

export function refusalOf(guard: AddressGuard, { host, port, socketPath }: Target): GuardError | null {
	return socketPath ? refusedPath(`unix:${socketPath}`) : literalRefusal(guard, host, port);
}
