/** What programs are sent through: a forward proxy for ann alone, and origins behind it, all on loopback. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { type App, respond, stack } from '../../../../src/convention/index.ts';
import { basicAuth } from '../../../../src/middleware/basic-auth/index.ts';
import { type AuditRecord, forward } from '../../../../src/proxy/forward/index.ts';
import { authority, server as certificate } from '../../../support/certificates.ts';
import { listen, portOf } from '../../../support/engines.ts';
import { until } from '../../../support/until.ts';

export interface Place {
	/** `http://127.0.0.1:port`, and the same with credentials. */
	readonly proxy: string;
	readonly port: number;
	/** An origin by HTTP and one by HTTPS, for `localhost`. */
	readonly http: string;
	readonly https: string;
	readonly audit: AuditRecord[];
	/** A file with the authority's certificate. */
	readonly ca: string;
	readonly folder: string;
}

export const fine: App = (request) => respond(200, null, `fine: ${new URL(request.url).pathname}`);

export async function place(t: TestContext, app: App = fine, secure = false): Promise<Place> {
	const folder = mkdtempSync(join(tmpdir(), 'turnabout-clients-'));
	t.after(() => rmSync(folder, { recursive: true, force: true }));
	const ca = join(folder, 'ca.pem');
	writeFileSync(ca, authority);
	const where = { host: '127.0.0.1', port: 0 };
	const plain = await listen(t, app);
	const tls = await listen(t, app, {}, { ...where, tls: certificate });
	const audit: AuditRecord[] = [];
	const proxy = forward({
		ports: null,
		allowPrivate: ['loopback', 'self'],
		audit: (record) => void audit.push(record),
		log: () => {},
		tls: { ca: authority },
	});
	t.after(() => proxy.close());
	const verify = (name: string, password: string): boolean => name === 'ann' && password === 'secret';
	const guarded = stack(basicAuth({ role: 'proxy', users: verify }))(proxy);
	const front = await listen(t, guarded, {}, secure ? { ...where, tls: certificate } : where);
	return {
		proxy: `${secure ? 'https' : 'http'}://ann:secret@${secure ? 'localhost' : '127.0.0.1'}:${portOf(front)}`,
		port: portOf(front),
		http: `http://localhost:${portOf(plain)}`,
		https: `https://localhost:${portOf(tls)}`,
		audit,
		ca,
		folder,
	};
}

/** What the audit says once all exchanges are over. */
export async function audited(p: Place, count: number): Promise<string[]> {
	await until(() => p.audit.length >= count, `${count} audit records`);
	return p.audit.map(({ method, outcome }) => `${method} ${outcome}`);
}
