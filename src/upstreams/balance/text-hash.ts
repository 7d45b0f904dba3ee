/** A hash of text that spreads well and is the same in every process: FNV-1a over 32 bits, mixed at the end as MurmurHash3 does. */
export function textHash(text: string, seed = 0): number {
	let hash = 0x811c9dc5 ^ seed;
	for (let at = 0; at < text.length; at++) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193);
	hash ^= hash >>> 16;
	hash = Math.imul(hash, 0x85ebca6b);
	hash ^= hash >>> 13;
	hash = Math.imul(hash, 0xc2b2ae35);
	return (hash ^ (hash >>> 16)) >>> 0;
}
