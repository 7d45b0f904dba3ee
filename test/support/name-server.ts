/** A name server on loopback that answers as it is told: enough of RFC 1035 for A, AAAA and SRV. */
import { createSocket } from 'node:dgram';
import type { TestContext } from 'node:test';

export type DnsRecord =
	| { readonly type: 'A'; readonly address: string; readonly ttl: number }
	| { readonly type: 'AAAA'; readonly address: string; readonly ttl: number }
	| {
			readonly type: 'SRV';
			readonly priority: number;
			readonly weight: number;
			readonly port: number;
			readonly target: string;
	  };

const TYPES: Readonly<Record<string, number>> = { A: 1, AAAA: 28, SRV: 33 };

export interface NameServer {
	/** `127.0.0.1:port`. */
	readonly place: string;
	/** What is answered from now on; null: a failure (SERVFAIL). */
	records: readonly DnsRecord[] | null;
	asked: number;
}

export async function nameServer(t: TestContext, records: readonly DnsRecord[] | null): Promise<NameServer> {
	const socket = createSocket('udp4');
	t.after(() => socket.close());
	await new Promise<void>((resolve) => socket.bind(0, '127.0.0.1', resolve));
	const server = { place: `127.0.0.1:${socket.address().port}`, records, asked: 0 };
	socket.on('message', (query, from) => {
		server.asked++;
		socket.send(answer(query, server.records), from.port, from.address);
	});
	return server;
}

function answer(query: Buffer, records: readonly DnsRecord[] | null): Buffer {
	let end = 12;
	while (query[end] !== 0) end += (query[end] as number) + 1;
	const question = query.subarray(12, end + 5);
	const type = query.readUInt16BE(end + 1);
	const fitting = (records ?? []).filter((record) => TYPES[record.type] === type);
	const head = Buffer.alloc(12);
	query.copy(head, 0, 0, 2);
	head.writeUInt16BE(records === null ? 0x8182 : 0x8180, 2);
	head.writeUInt16BE(1, 4);
	head.writeUInt16BE(fitting.length, 6);
	return Buffer.concat([head, question, ...fitting.map(encoded)]);
}

function encoded(record: DnsRecord): Buffer {
	const data = dataOf(record);
	const head = Buffer.alloc(12);
	// A pointer to the name in the question.
	head.writeUInt16BE(0xc00c, 0);
	head.writeUInt16BE(TYPES[record.type] as number, 2);
	head.writeUInt16BE(1, 4);
	head.writeUInt32BE('ttl' in record ? record.ttl : 1, 6);
	head.writeUInt16BE(data.length, 10);
	return Buffer.concat([head, data]);
}

function dataOf(record: DnsRecord): Buffer {
	if (record.type === 'A') return Buffer.from(record.address.split('.').map(Number));
	if (record.type === 'AAAA') return Buffer.from(record.address.padStart(32, '0'), 'hex');
	const numbers = Buffer.alloc(6);
	for (const [at, number] of [record.priority, record.weight, record.port].entries())
		numbers.writeUInt16BE(number, at * 2);
	const labels = record.target
		.split('.')
		.map((label) => Buffer.concat([Buffer.from([label.length]), Buffer.from(label)]));
	return Buffer.concat([numbers, ...labels, Buffer.from([0])]);
}
