/** What a program was not let through to, and how to let it: kept while it runs, told when it has ended. */
import type { AuditRecord } from '../../proxy/forward/index.ts';

interface Denied {
	readonly host: string;
	readonly port: number;
	readonly rule: string;
	readonly error: string | null;
	times: number;
}

/** Hosts that are told; a program that tries more has lost its way. */
const MOST = 100;

export class DeniedHosts {
	private readonly byHost: Map<string, Denied> = new Map();
	private others = 0;

	/** For `forward({ audit })`. */
	readonly note = (record: AuditRecord): void => {
		if (record.outcome !== 'denied') return;
		const authority = /^(?:https?:\/\/)?([^/]+)/.exec(record.target)?.[1] ?? record.target;
		const key = `${authority} ${record.rule}`;
		const known = this.byHost.get(key);
		if (known !== undefined) known.times++;
		else if (this.byHost.size < MOST)
			this.byHost.set(key, { ...apart(authority, record.target), rule: record.rule, error: record.error, times: 1 });
		else this.others++;
	};

	/** A line for each host, and how to allow it; none when nothing was denied. */
	lines(): string[] {
		const told = [...this.byHost.values()].map((denied) => {
			const often = denied.times === 1 ? 'once' : `${denied.times} times`;
			return `denied ${often}: ${written(denied)} (${reasonOf(denied)}); ${cureFor(denied)}`;
		});
		if (this.others > 0) told.push(`denied: ${this.others} more requests to other hosts`);
		return told;
	}
}

function apart(authority: string, target: string): { host: string; port: number } {
	const [, host = authority, port] = /^(.*?)(?::(\d+))?$/.exec(authority) ?? [];
	return { host, port: port === undefined ? (target.startsWith('https:') ? 443 : 80) : Number(port) };
}

function written({ host, port }: Denied): string {
	return `${host}:${port}`;
}

function reasonOf({ rule, error }: Denied): string {
	return error === 'destination_ip_prohibited' ? 'it has no public address' : rule;
}

function cureFor({ host, port, rule, error }: Denied): string {
	if (error === 'destination_ip_prohibited') return 'to allow its addresses: --allow-private RANGE';
	if (rule.startsWith('port ')) return `to allow it: --ports 80,443,${port}`;
	if (rule.startsWith('deny ')) return `to allow it, leave out its --deny`;
	return `to allow it: --allow ${port === 80 || port === 443 ? host : `${host}:${port}`}`;
}
