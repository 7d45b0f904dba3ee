/** `href` in YAML and code, with what to do about it when it does not come. */
import { didYouMean } from '../diagnostics/index.ts';
import { kindName, MapReader } from './data/index.ts';
import type { Mistakes } from './mistakes.ts';
import type { IncludeMethod, OnError, Reference } from './model.ts';
import { METHODS } from './vocabulary.ts';

export const REFERENCE_KEYS: readonly string[] = ['href', 'method', 'mode', 'timeout', 'onError'];

const UNITS: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000 };
const ON_ERROR = ['keep', 'remove', 'fail'] as const;

/** Null without href. */
export function readReference(map: MapReader, mistakes: Mistakes): Reference | null {
	const href = map.text('href');
	const method = readMethod(map, mistakes);
	const mode = map.text('mode')?.value ?? null;
	const [timeout, onError] = [readTimeout(map, mistakes), readOnError(map, mistakes)];
	if (href !== null && href.value.trim() !== '') {
		return { href: href.value.trim(), place: href.place, method, mode, timeout, onError };
	}
	if (href !== null) mistakes.error('empty-href', 'href is empty.', href.place);
	for (const key of ['method', 'timeout', 'onError']) {
		if (!map.has(key) || href !== null) continue;
		mistakes.error('missing-key', `${key} is about another document: ${map.what} needs href.`, map.keyPlace(key));
	}
	return null;
}

function readMethod(map: MapReader, mistakes: Mistakes): IncludeMethod | null {
	const text = map.text('method');
	if (text === null) return null;
	const known = METHODS.filter((one) => one !== 'raw');
	const method = known.find((one) => one === text.value);
	if (method !== undefined) return method;
	const hint =
		text.value === 'raw' ? 'Write raw: true.' : (didYouMean(text.value, known) ?? `There are ${known.join(', ')}.`);
	mistakes.error('bad-method', `There is no method '${text.value}'.`, text.place, hint);
	return null;
}

/** Milliseconds. */
function readTimeout(map: MapReader, mistakes: Mistakes): number | null {
	const data = map.get('timeout');
	if (data === null) return null;
	const text = data.kind === 'value' ? String(data.value) : '';
	const [, amount, unit] = /^(\d+(?:\.\d+)?)\s*(ms|s|m)$/.exec(text) ?? [];
	const milliseconds = Number(amount) * (UNITS[unit ?? ''] ?? 0);
	if (milliseconds > 0) return milliseconds;
	mistakes.error('bad-value', `'${text}' is not a duration.`, data.place, 'Write 300ms or 2s.');
	return null;
}

function readOnError(map: MapReader, mistakes: Mistakes): OnError | null {
	const data = map.get('onError');
	if (data === null) return null;
	if (data.kind === 'map') {
		const html = new MapReader(data, 'onError', ['html'], mistakes).text('html');
		return html === null ? null : { html: html.value };
	}
	const word = data.kind === 'value' ? ON_ERROR.find((one) => one === data.value) : undefined;
	if (word !== undefined) return word;
	const given = data.kind === 'value' ? `'${String(data.value)}'` : kindName(data);
	const hint = 'Write keep, remove, fail, or { html: "…" }.';
	mistakes.error('bad-value', `onError cannot be ${given}.`, data.place, hint);
	return null;
}
