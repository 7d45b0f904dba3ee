/** Paths that are left alone. */
import { PathTable } from '../../routing/index.ts';

/** Throws TypeError, beginning with `where`. */
export function exceptOf(where: string, except: unknown): PathTable<true> | null {
	if (except === undefined) return null;
	if (!Array.isArray(except) || !except.every((pattern) => typeof pattern === 'string')) {
		throw new TypeError(`${where} must be a list of patterns such as /.well-known/acme-challenge/*`);
	}
	return new PathTable(
		where,
		except.map((pattern: string) => [pattern, true]),
	);
}
