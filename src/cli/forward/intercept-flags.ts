/** `--intercept` and `--no-intercept`: whose tunnels are looked into, with the authority that `turnabout ca` shows. */
import { type CertificateAuthority, certificateAuthority, type Intercept, intercept } from '../../intercept/index.ts';
import { parseHostRule } from '../../proxy/forward/index.ts';
import { StartError, standardError } from '../../serve/index.ts';
import { atStart } from '../at-start.ts';
import { FlagError, type RepeatedFlag } from '../flags.ts';
import { UsageError } from '../usage-error.ts';

function hosts(help: string): RepeatedFlag<string> {
	return {
		value: 'HOST',
		help,
		repeated: true,
		read: (text) => {
			if (text === '*') return text;
			try {
				parseHostRule(text);
			} catch (error) {
				throw new FlagError(
					(error as Error).message,
					'Write example.org, *.example.org, 192.0.2.0/24, or * for all; without a port.',
				);
			}
			return text;
		},
	};
}

export interface InterceptFlags {
	readonly intercept: RepeatedFlag<string>;
	readonly 'no-intercept': RepeatedFlag<string>;
}

export const interceptFlags: InterceptFlags = {
	intercept: hosts(
		'Look into the TLS of tunnels to HOST, *.HOST or * for all: what is inside is held\nagainst the rules, too. For clients that trust the authority of `turnabout ca`.',
	),
	'no-intercept': hosts('Hosts among those whose tunnels stay unread all the same.'),
};

export interface InterceptValues {
	readonly intercept: readonly string[];
	readonly 'no-intercept': readonly string[];
}

/** An interceptor with the authority that it shows; null when nothing is to be looked into. Throws UsageError. */
export function interceptorOf(values: InterceptValues): { ca: CertificateAuthority; interceptor: Intercept } | null {
	const { intercept: looked, 'no-intercept': except } = values;
	if (looked.length === 0) {
		if (except.length === 0) return null;
		throw new UsageError(
			'--no-intercept without --intercept',
			'Nothing is looked into unless --intercept asks for it.',
		);
	}
	const ca = certificateAuthority();
	return { ca, interceptor: atStart(() => intercept({ hosts: looked, except, ca })) };
}

/** Says whose word clients have to take. Rejects with StartError when there is no authority, and none can be made. */
export async function tellAuthority(ca: CertificateAuthority, hosts: readonly string[]): Promise<void> {
	const { path } = await ca.load().catch((error: unknown) => {
		throw new StartError((error as Error).message, null, error);
	});
	standardError(`looks into tunnels to ${hosts.join(', ')}, for clients that trust ${path}; how: turnabout ca`);
}
