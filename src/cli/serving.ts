/** The part of a plan that the shared flags make. */
import { DEFAULT_ADDRESS, type Plan } from '../serve/index.ts';
import { adminOf } from './admin-flag.ts';
import { tlsOf } from './tls-flags.ts';
import { UsageError } from './usage-error.ts';

/** Values of `--listen`, `--tls-cert`, `--proxy-header-from`, `--workers` and `--drain`, as a plan. Throws UsageError where they contradict each other. */
export async function planOf(values: {
	readonly 'tls-dev': boolean | undefined;
	readonly listen: readonly string[];
	readonly workers: number | undefined;
	readonly drain: number | undefined;
	readonly 'tls-cert': readonly string[];
	readonly 'tls-key': readonly string[];
	readonly 'proxy-header-from': readonly string[];
	readonly admin: string | undefined;
}): Promise<Omit<Plan, 'prepare'>> {
	const { listen, workers, drain, 'proxy-header-from': proxyHeaderFrom } = values;
	const tls = await tlsOf(values);
	const admin = adminOf(values.admin);
	const spoken = { ...(tls !== null && { tls }), ...(proxyHeaderFrom.length > 0 && { proxyHeaderFrom }) };
	const isPlain = Object.keys(spoken).length === 0;
	const addresses = listen.length === 0 && !isPlain ? [DEFAULT_ADDRESS] : listen;
	const socket = listen.find((address) => address.startsWith('unix:') || address.startsWith('systemd'));
	if (socket !== undefined && (workers ?? 1) > 1) {
		throw new UsageError(
			`--workers ${workers}: several processes cannot share ${socket}`,
			'Listen on a port, or leave out --workers.',
		);
	}
	return {
		...(addresses.length > 0 && { listen: addresses.map((address) => (isPlain ? address : { address, ...spoken })) }),
		...(workers !== undefined && { workers }),
		...(drain !== undefined && { drain }),
		...(admin !== undefined && { admin }),
	};
}
