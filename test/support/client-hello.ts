/** The first bytes that node's own client sends. */
import { Duplex } from 'node:stream';
import { type ConnectionOptions, connect } from 'node:tls';

export async function clientHello(options: ConnectionOptions): Promise<Buffer> {
	return new Promise((resolve) => {
		const stub = new Duplex({
			read() {},
			write(chunk: Buffer, _, callback) {
				callback();
				resolve(chunk);
				setImmediate(() => tls.destroy());
			},
		});
		const tls = connect({ socket: stub, ...options });
		tls.on('error', () => {});
	});
}
