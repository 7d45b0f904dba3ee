/** What an answer of `npm audit --json` means for a check: a finding of any severity fails; a registry that gives no audits does not. */

export interface AuditVerdict {
	readonly failed: boolean;
	/** What to say, a line each. */
	readonly lines: readonly string[];
}

interface Finding {
	readonly severity?: unknown;
	readonly range?: unknown;
	readonly via?: unknown;
}

/** Whatever is neither a report nor a refusal fails: nobody knows then. */
export function auditVerdict(output: string): AuditVerdict {
	const report = parsed(output);
	const refusal = refusalIn(report);
	if (refusal !== null) return { failed: false, lines: [`not asked: the registry gives no audits (${refusal})`] };
	const found = report?.['vulnerabilities'];
	if (typeof found !== 'object' || found === null) {
		const [first = 'nothing'] = output.trim().split('\n', 1);
		return { failed: true, lines: [`npm audit has said nothing that can be read: ${first}`] };
	}
	const findings = Object.entries(found as Record<string, Finding>);
	if (findings.length === 0) return { failed: false, lines: ['no findings'] };
	return { failed: true, lines: findings.map(([name, finding]) => lineOf(name, finding)) };
}

function parsed(output: string): Readonly<Record<string, unknown>> | null {
	try {
		const value: unknown = JSON.parse(output);
		return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : null;
	} catch {
		return null;
	}
}

/** An answer of the registry that is no report: npm hands over its status, or a code of its own. */
function refusalIn(report: Readonly<Record<string, unknown>> | null): string | null {
	if (report === null) return null;
	const { statusCode, message, error } = report as {
		statusCode?: unknown;
		message?: unknown;
		error?: { code?: unknown };
	};
	if (typeof statusCode === 'number') return typeof message === 'string' ? message : `status ${statusCode}`;
	return error?.code === 'ENOAUDIT' ? 'ENOAUDIT' : null;
}

function lineOf(name: string, { severity, range, via }: Finding): string {
	const reasons = (Array.isArray(via) ? via : []).map((one: unknown) => {
		if (typeof one === 'string') return `by ${one}`;
		const { title = 'without a title', url = '' } = one as { title?: string; url?: string };
		return `${title} ${url}`.trim();
	});
	return `${String(severity)}: ${name} ${String(range)}: ${reasons.join('; ')}`;
}
