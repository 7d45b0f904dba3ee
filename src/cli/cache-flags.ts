/** The flags of a cache around the proxy. */
import { byteCount, type CacheLayer, cache } from '../cache/index.ts';
import { type Flag, FlagError, onOff } from './flags.ts';
import { UsageError } from './usage-error.ts';

/** `--cache`. */
export const cached: Flag<boolean> = onOff('Keep what answers allow to be kept, and answer with it (RFC 9111).');

/** `--cache-size`. */
export const cacheSize: Flag<number> = {
	value: 'BYTES',
	help: 'How much memory it may take: 64MB, 2GB. Default: 256MB.',
	read: (text: string): number => {
		try {
			return byteCount('size', text);
		} catch {
			throw new FlagError('not an amount of bytes', 'Write a number with its unit: 64MB, 2GB.');
		}
	},
};

/** `--cache-rfc`. */
export const cacheRfc: Flag<boolean> = onOff(
	'Keep to the letter of RFC 9111: without it, answers with Set-Cookie\nare kept only if they say public or s-maxage.',
);

/** The cache that the flags ask for; null without --cache. Throws UsageError for the others alone. */
export function cacheOf(values: {
	readonly cache: boolean | undefined;
	readonly 'cache-size': number | undefined;
	readonly 'cache-rfc': boolean | undefined;
}): CacheLayer | null {
	const { cache: wanted, 'cache-size': size, 'cache-rfc': rfc } = values;
	if (wanted === true) return cache({ ...(size === undefined ? {} : { size }), rfc: rfc === true });
	const without = size !== undefined ? '--cache-size' : rfc === true ? '--cache-rfc' : null;
	if (without === null) return null;
	throw new UsageError(`${without}: there is no --cache`, `Write --cache ${without} ….`);
}
