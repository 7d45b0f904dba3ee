/**
 * The text of a page, and what its includes brought, put together: each fragment is written for the place where it
 * stands, so that it ends nothing around it. A place is looked up in the page without any fragment; a fragment's own
 * includes stand in the fragment first, and with it in the page.
 */
import { fit, MARK_LENGTH, type Place, PlaceFinder } from '../markup/index.ts';
import { MarkupLimit } from '../tree/index.ts';
import { type Missed, missed } from './fragment.ts';
import type { IncludeSyntax } from './part.ts';
import { defused } from './scanner.ts';

/** What an include brought. */
export interface Brought {
	readonly href: string;
	readonly pieces: readonly Piece[];
}

/** An include that stays as it was written, for whoever reads the page next. */
export interface Kept {
	readonly kept: string;
}

/** Text stands as it is. */
export type Piece = string | Brought | Kept;

/** Whether there is nothing to see. */
export function isBlank(pieces: readonly Piece[]): boolean {
	return pieces.every((piece) => {
		if (typeof piece === 'string') return piece.trim() === '';
		return 'pieces' in piece && isBlank(piece.pieces);
	});
}

export class Assembly {
	private readonly syntax: IncludeSyntax;
	private readonly missed: (href: string, why: Missed) => void;

	/** `missed`: told about fragments that cannot stand where they are included. */
	constructor(syntax: IncludeSyntax, missed: (href: string, why: Missed) => void) {
		this.syntax = syntax;
		this.missed = missed;
	}

	page(pieces: readonly Piece[]): string {
		return this.join(pieces, null);
	}

	/** `outer`: the place of all of it; null for a page. */
	private join(pieces: readonly Piece[], outer: Place | null): string {
		const texts = pieces.filter((piece) => typeof piece === 'string');
		const frame = texts.join('');
		if (texts.length === pieces.length) return frame;
		const finder = outer === null || outer.kind === 'content' ? new PlaceFinder(frame, outer) : null;
		let html = '';
		let beside = '';
		let at = 0;
		for (const piece of pieces) {
			let text: string;
			if (typeof piece === 'string') {
				text = piece;
				at += piece.length;
			} else if ('kept' in piece) text = piece.kept;
			else text = this.put(piece, finder?.at(at) ?? (outer as Place), beside, frame.slice(at, at + MARK_LENGTH));
			html += text;
			beside = (beside + text.slice(-MARK_LENGTH)).slice(-MARK_LENGTH);
		}
		return html;
	}

	private put({ href, pieces }: Brought, place: Place, before: string, after: string): string {
		try {
			const html = defused(this.join(pieces, place), this.syntax);
			const text = fit(html, place, before, after);
			// What is written anew could read like a mark for the first time.
			if (text !== null) return defused(text, this.syntax);
			const where = place.kind === 'nowhere' ? place.where : `a ${place.kind === 'raw' ? place.name : 'tag'}`;
			if (!isBlank(pieces)) this.missed(href, missed('place', `Nothing of it can stand in ${where}`));
		} catch (error) {
			if (!(error instanceof MarkupLimit)) throw error;
			this.missed(href, missed('too-large', error.message));
		}
		return '';
	}
}
