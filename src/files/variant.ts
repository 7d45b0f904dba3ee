/** Compressed files that stand beside their originals, and which of them a client gets (RFC 9110 section 12.5.3). */
import type { BigIntStats } from 'node:fs';
import { type Weighted, weightedList } from '../fields/index.ts';
import { closeFile, type OpenFile, openFile } from './open-file.ts';
import type { Precompressed, Settings } from './options.ts';

const EXTENSIONS: Readonly<Record<Precompressed, string>> = { br: '.br', zstd: '.zst', gzip: '.gz' };

export interface Variant {
	/** The file to send. */
	readonly file: OpenFile;
	readonly coding: Precompressed | '';
	/** Whether other clients would get another variant. */
	readonly varies: boolean;
}

/**
 * The variant of `original` for this client; the original is closed when it is another. A compressed file older than its
 * original was forgotten when that was changed, and counts for nothing.
 */
export async function variantOf(
	root: string,
	names: readonly string[],
	original: OpenFile,
	accept: string | null,
	settings: Settings,
): Promise<Variant> {
	const liked = accept === null ? [] : weightedList(accept);
	let chosen: OpenFile = original;
	let coding: Precompressed | '' = '';
	let weight = weightOf(liked, 'identity');
	let varies = false;
	for (const candidate of settings.precompressed) {
		const file = await besideIt(root, names, candidate, settings);
		if (file === null) continue;
		const wanted = isCurrent(file.stat, original.stat) ? weightOf(liked, candidate) : -1;
		varies ||= wanted >= 0;
		// A coding goes before the plain file where the client does not care.
		const better = wanted > 0 && (wanted > weight || (coding === '' && wanted === weight));
		closeFile(better ? chosen : file);
		if (!better) continue;
		chosen = file;
		coding = candidate;
		weight = wanted;
	}
	return { file: chosen, coding, varies };
}

/** What cannot be opened is not there: the original is. */
async function besideIt(
	root: string,
	names: readonly string[],
	coding: Precompressed,
	settings: Settings,
): Promise<OpenFile | null> {
	const name = `${names[names.length - 1]}${EXTENSIONS[coding]}`;
	const found = await openFile(root, [...names.slice(0, -1), name], settings).catch(() => null);
	return found?.kind === 'file' ? found : null;
}

const isCurrent = (variant: BigIntStats, original: BigIntStats): boolean => variant.mtimeNs >= original.mtimeNs;

function weightOf(liked: readonly Weighted[], name: string): number {
	const own = liked.find((one) => one.name === name || (name === 'gzip' && one.name === 'x-gzip'));
	if (own !== undefined) return own.weight;
	const any = liked.find((one) => one.name === '*');
	// What is not named is not wanted, but for the plain file, which is always good enough.
	return name === 'identity' ? 0.001 : (any?.weight ?? 0);
}
