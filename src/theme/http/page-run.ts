/**
 * One page on its way through the plan: bytes in, text out. A page that is not streamed is decoded in one piece when it is
 * complete; one that is streamed goes through coding, charset and plan chunk by chunk, under the pace of who reads it.
 */

import { Coder, type Coding, decoded, TooMuch } from '../../coding/index.ts';
import { PageDecoder } from './charset/index.ts';
import type { Content } from './content.ts';
import type { Intake } from './intake.ts';
import { Skip } from './skip.ts';
import type { Page, PageResult } from './themer.ts';

/** What came first: the whole page, or the first of it that can leave. */
export type Start =
	| { readonly kind: 'whole'; readonly result: PageResult }
	| { readonly kind: 'flow'; readonly first: string; readonly rest: AsyncIterator<string, PageResult> };

export interface RunOptions {
	readonly page: Page;
	readonly content: Content;
	/** The coding the content is in. */
	readonly coding: Coding | null;
	readonly contentType: string;
	readonly defaultCharset: string | null;
	/** Of decoded bytes. */
	readonly maxBytes: number;
	readonly streams: boolean;
}

export class PageRun {
	private readonly options: RunOptions;
	private readonly charset: PageDecoder;
	private coder: Coder | null = null;
	private bytes = 0;

	constructor(options: RunOptions) {
		this.options = options;
		this.charset = new PageDecoder(options.contentType, options.defaultCharset);
	}

	/** Rejects with whatever costs the page its theme. */
	async begin(): Promise<Start> {
		const { whole, intake } = this.options.content;
		if (intake === null) return this.themeWhole(whole ?? '');
		if (!this.options.streams) return this.themeWhole(await gathered(intake));
		const texts = this.flow(intake);
		const { done, value } = await texts.next();
		if (done === true) return { kind: 'whole', result: value };
		return { kind: 'flow', first: value, rest: texts };
	}

	/** Frees what is held; what waits for the plan or for a coding waits for ever. */
	destroy(): void {
		this.coder?.destroy();
	}

	private async themeWhole(content: string | Uint8Array): Promise<Start> {
		const { page } = this.options;
		const text = typeof content === 'string' ? this.checked(content) : this.charset.whole(await this.plain(content));
		if (text === '') throw new Skip('empty');
		const early = await page.write(text);
		const result = await page.end();
		if (early === '') return { kind: 'whole', result };
		return { kind: 'whole', result: { ...result, text: early + result.text, themed: true } };
	}

	private checked(text: string): string {
		if (text.length > this.options.maxBytes) throw new Skip('bytes');
		return text;
	}

	private async plain(bytes: Uint8Array): Promise<Uint8Array> {
		const { coding, maxBytes } = this.options;
		if (bytes.length > maxBytes) throw new Skip('bytes');
		if (coding === null || bytes.length === 0) return bytes;
		try {
			return await decoded(coding, bytes, maxBytes);
		} catch (error) {
			throw miscoded(error);
		}
	}

	private async *flow(intake: Intake): AsyncGenerator<string, PageResult, void> {
		const { page, coding, maxBytes } = this.options;
		this.coder = coding === null ? null : Coder.decoder(coding, maxBytes);
		let empty = true;
		try {
			for (let chunk = await intake.next(); chunk !== null; chunk = await intake.next()) {
				for (const piece of await this.uncoded(chunk)) {
					const text = this.charset.write(piece);
					if (text === '') continue;
					empty = false;
					const out = await page.write(text);
					if (out !== '') yield out;
				}
			}
			const last = (await this.rest()) + this.charset.end();
			if (last === '' && empty) throw new Skip('empty');
			const out = last === '' ? '' : await page.write(last);
			if (out !== '') yield out;
			return await page.end();
		} finally {
			this.destroy();
		}
	}

	private async uncoded(chunk: Uint8Array): Promise<Uint8Array[]> {
		const { coder } = this;
		if (coder !== null) return coder.write(chunk).catch((error: unknown) => Promise.reject(miscoded(error)));
		this.bytes += chunk.length;
		if (this.bytes > this.options.maxBytes) throw new Skip('bytes');
		return [chunk];
	}

	/** What the coding still held at the end, as text. */
	private async rest(): Promise<string> {
		const { coder } = this;
		// Not a byte came: that is no mistake in the coding, but an empty page.
		if (coder === null || !coder.used) return '';
		const pieces = await coder.end().catch((error: unknown) => Promise.reject(miscoded(error)));
		return pieces.map((piece) => this.charset.write(piece)).join('');
	}
}

async function gathered(intake: Intake): Promise<Uint8Array> {
	const chunks: Uint8Array[] = [];
	let length = 0;
	for (let chunk = await intake.next(); chunk !== null; chunk = await intake.next()) {
		chunks.push(chunk);
		length += chunk.length;
	}
	if (chunks.length === 1) return chunks[0] as Uint8Array;
	const bytes = new Uint8Array(length);
	let at = 0;
	for (const chunk of chunks) {
		bytes.set(chunk, at);
		at += chunk.length;
	}
	return bytes;
}

const miscoded = (error: unknown): Error => (error instanceof TooMuch ? error : new Skip('coding', error));
