/** The flags that have a command's listeners speak TLS. */
import { type CertificateFiles, type TlsOptions, tlsFaults } from '../certificates/index.ts';
import { developmentTls } from '../intercept/index.ts';
import { StartError } from '../serve/index.ts';
import { type Flag, onOff, type RepeatedFlag } from './flags.ts';
import { UsageError } from './usage-error.ts';

/** `--tls-cert`. */
export const tlsCert: RepeatedFlag<string> = {
	value: 'FILE',
	help: 'Speak TLS, with the certificate in this file (PEM), and HTTP/2\nwith clients that take it. Given several times, clients get the\none for the name they ask for. Read again when it changes.',
	repeated: true,
	read: (text: string): string => text,
};

/** `--tls-key`. */
export const tlsKey: RepeatedFlag<string> = {
	value: 'FILE',
	help: 'The key of the certificate given in the same place. Default:\nthe file of the certificate holds it, too.',
	repeated: true,
	read: (text: string): string => text,
};

/** `--tls-dev`. */
export const tlsDev: Flag<boolean> = onOff(
	'Speak TLS for localhost and names below it, with certificates of this\nmachine’s own authority: see `turnabout ca`.',
);

/** The options of TLS that the flags stand for; null without them. Throws UsageError or StartError for files that are none. */
export async function tlsOf(values: {
	readonly 'tls-dev': boolean | undefined;
	readonly 'tls-cert': readonly string[];
	readonly 'tls-key': readonly string[];
}): Promise<TlsOptions | null> {
	const { 'tls-cert': certs, 'tls-key': keys } = values;
	if (values['tls-dev'] === true) {
		if (certs.length > 0)
			throw new UsageError('--tls-dev and --tls-cert: one of them', 'With --tls-dev, certificates are made.');
		return developmentTls().catch((error: Error) => {
			throw new StartError(`--tls-dev: ${error.message}`);
		});
	}
	if (keys.length > 0 && keys.length !== certs.length)
		throw new UsageError(
			`--tls-key: ${keys.length} of them for ${certs.length} --tls-cert`,
			'Give each certificate its key, in the same order, or leave all out.',
		);
	const certificates = certs.map((certFile, index): CertificateFiles => {
		const keyFile = keys[index];
		return keyFile === undefined ? { certFile } : { certFile, keyFile };
	});
	const [first] = certificates;
	if (first === undefined) return null;
	const tls = certificates.length === 1 ? first : { certificates };
	const [fault] = tlsFaults(tls, '--tls-cert');
	if (fault !== undefined) throw new StartError(fault.replace(/^--tls-cert[^:]*: /, '--tls-cert: '));
	return tls;
}
