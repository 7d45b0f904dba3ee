/** What stands where a fragment could not be had. */
import { HttpError } from '../../convention/index.ts';
import type { Fragment, Missed } from './fragment.ts';

/** `keep`: what stood there; `remove`: nothing; `html`: this; `fail`: the page is answered 502, or 504 after a time-out. */
export type OnError = 'keep' | 'remove' | 'fail' | { readonly html: string };

/** The text of a fragment, or what stands in for it. Throws HttpError for `fail`. */
export function standing(fragment: Fragment, href: string, onError: OnError, kept: string): string {
	return fragment.ok ? fragment.text : substitute(fragment, href, onError, kept);
}

export function substitute(missed: Missed, href: string, onError: OnError, kept: string): string {
	if (onError === 'keep') return kept;
	if (onError === 'remove') return '';
	if (onError === 'fail') {
		const status = missed.reason === 'timeout' ? 504 : 502;
		throw new HttpError(status, { message: `${href}: ${missed.detail}`, expose: false });
	}
	return onError.html;
}
