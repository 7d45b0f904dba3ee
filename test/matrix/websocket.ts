/** A WebSocket from the client's chair, by hand: as much of it as the cases need. */
import type { Bench } from './case.ts';
import type { Ask, Talk } from './talk.ts';

/** RFC 6455 section 4.1; over HTTP/2 the offer is `:protocol`, and there is no key (RFC 8441 section 5). */
export function openingOf({ protocol }: Pick<Bench, 'protocol'>, target: string): Ask {
	const key = [['Sec-WebSocket-Key', 'dGhlIHNhbXBsZSBub25jZQ==']] as const;
	const fields = [['Sec-WebSocket-Version', '13'] as const, ...(protocol === 'h2' ? [] : key)];
	return { target, offer: 'websocket', fields };
}

/** A short frame from a client: final, masked with zeros (RFC 6455 section 5.2). */
function frame(opcode: number, payload: string): Uint8Array {
	return Buffer.concat([Buffer.from([0x80 | opcode, 0x80 | payload.length, 0, 0, 0, 0]), Buffer.from(payload)]);
}

/** Says two words, each when the one before has come back louder, and closes. What came is told. */
export async function converse(talk: Talk): Promise<string> {
	for (const word of ['one', 'two']) {
		talk.send(frame(1, word));
		await talk.reads(`\x81\x03${word.toUpperCase()}`);
	}
	talk.send(frame(8, ''));
	talk.finish();
	return (await talk.end()).text;
}

/** What `converse` hears: both words, and the close that answers ours. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: frames have such bytes
export const HEARD = /^\x81\x03ONE\x81\x03TWO\x88/;
