/** Reads an HTML form as a browser posts it to a page in ISO-8859-1. */
import type { IncomingMessage } from 'node:http';

const MAXIMUM = 16_384;

/** Thrown for a form that is too large to be one of ours. */
export class FormTooLarge extends Error {}

/** The fields of a form in `application/x-www-form-urlencoded`. Throws `FormTooLarge` above 16 KiB. */
export async function readForm(request: IncomingMessage): Promise<ReadonlyMap<string, string>> {
	const chunks: Buffer[] = [];
	let size = 0;
	for await (const chunk of request as AsyncIterable<Buffer>) {
		size += chunk.length;
		if (size > MAXIMUM) throw new FormTooLarge();
		chunks.push(chunk);
	}
	const form = new Map<string, string>();
	for (const pair of Buffer.concat(chunks).toString('latin1').split('&')) {
		const [name = '', value = ''] = pair.split('=', 2);
		if (name !== '') form.set(decode(name), decode(value));
	}
	return form;
}

/** Percent-decoding into ISO-8859-1: one byte, one character. Browsers send other characters as `&#8364;`. */
function decode(text: string): string {
	return text
		.replaceAll('+', ' ')
		.replace(/%([0-9A-Fa-f]{2})/g, (_match, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)))
		.replace(/&#(\d{1,7});/g, (reference, code: string) =>
			Number(code) <= 0x10ffff ? String.fromCodePoint(Number(code)) : reference,
		);
}
