/** A short name for the state of a theme: another one whenever any of its files or options changes. */
import type { SourceFile } from '../diagnostics/index.ts';

export function revisionOf(files: readonly SourceFile[], options: string): string {
	let high = 0x9e3779b9;
	let low = 0x85ebca6b;
	const mix = (text: string): void => {
		for (let i = 0; i < text.length; i++) {
			const code = text.charCodeAt(i);
			high = Math.imul(high ^ code, 0x9e3779b1);
			low = Math.imul(low ^ code, 0x5f356495);
		}
		high = Math.imul(high ^ (high >>> 15), 0x85ebca77) ^ low;
		low = Math.imul(low ^ (low >>> 13), 0xc2b2ae3d) ^ high;
	};
	mix(options);
	for (const { name, text } of files) {
		mix(name);
		mix(text);
	}
	return (high >>> 0).toString(36) + (low >>> 0).toString(36);
}
