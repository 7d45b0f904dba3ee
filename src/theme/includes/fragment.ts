/** What came of asking for a piece of another document, and what stands where it should have stood. */

/** Why there is no fragment. Stable, for programs and logs. */
export type FragmentFailure =
	/** The href is no URL, or names no http: or https: resource. */
	| 'bad-href'
	/** A relative href, and no app to send it to. */
	| 'no-app'
	/** No entry of the allow-list covers it. */
	| 'not-allowed'
	/** The host has no address that the guard lets through. */
	| 'address'
	/** It is part of a page that is a fragment of a page …: a loop, as far as anybody can tell. */
	| 'too-deep'
	/** More includes on one page, or more text from them, than is allowed. */
	| 'too-many'
	| 'timeout'
	/** The client has left. */
	| 'cancelled'
	/** Another status than 200. */
	| 'status'
	/** A redirect, and one too many. */
	| 'redirect'
	| 'too-large'
	/** Nothing that could stand in HTML: an image, JSON. */
	| 'type'
	/** A content coding that was not asked for and cannot be undone. */
	| 'coding'
	/** `;filter_xpath=` could not be read or applied. */
	| 'filter'
	/** An SSI include by `file=`, or by nothing at all. */
	| 'file'
	/** It came, but stands where nothing of it can: in a comment, in a tag outside of quotes, in front of the head. */
	| 'place'
	/** Anything else: the connection failed, the app threw. */
	| 'failed';

export interface Fetched {
	readonly ok: true;
	/** HTML: what came as JavaScript or CSS stands in `<script>` or `<style>`, plain text is escaped. */
	readonly text: string;
	/** The media type as it came, lower case, without parameters; empty when none was said. */
	readonly type: string;
	readonly status: number;
}

export interface Missed {
	readonly ok: false;
	readonly reason: FragmentFailure;
	/** One sentence for people. */
	readonly detail: string;
}

export type Fragment = Fetched | Missed;

export interface FragmentWish {
	/** Milliseconds, waiting for a free place included. Default: that of the options. The first to ask on a page decides. */
	readonly timeout?: number | null;
}

/** Fetches for one page; never rejects. */
export type PageFetch = (href: string, wish?: FragmentWish) => Promise<Fragment>;

export function missed(reason: FragmentFailure, detail: string): Missed {
	return { ok: false, reason, detail };
}
