/** A page from its server, asked for once and plainly: redirects are told and not followed. */
import { collect } from '../../bytes/index.ts';
import { isStartError, StartError } from '../../serve/index.ts';

export interface FetchedPage {
	readonly bytes: Uint8Array;
	readonly type: string;
	readonly status: number;
}

const MAX_BYTES = 16 * 1024 * 1024;

/** Rejects with StartError for whatever is no page. */
export async function fetchPage(url: URL): Promise<FetchedPage> {
	const [{ upstream }, { ask }] = await Promise.all([
		import('../../client/index.ts'),
		import('../../engine/memory/index.ts'),
	]);
	const app = upstream(url.origin);
	try {
		const fields = { host: url.host, accept: 'text/html', 'accept-encoding': 'identity', 'user-agent': 'turnabout' };
		const scheme = url.protocol === 'https:' ? 'https' : 'http';
		const target = url.pathname + url.search;
		const answer = await ask(app, { target, authority: url.host, scheme, fields });
		if (answer.error !== undefined) throw answer.error;
		checkHead(url, answer.status, (name) => answer.fields.get(name) ?? '');
		const bytes = answer.payload === null ? new Uint8Array(0) : await collect(answer.payload, MAX_BYTES);
		return { bytes, type: answer.fields.get('content-type') ?? '', status: answer.status };
	} catch (error) {
		if (isStartError(error)) throw error;
		const hint = 'Is the server running? curl -v shows more.';
		throw new StartError(`${url.href}: ${(error as Error).message}`, hint, error);
	} finally {
		await app.close();
	}
}

function checkHead(url: URL, status: number, field: (name: string) => string): void {
	if (status >= 300 && status < 400) {
		const location = field('location');
		const to = URL.canParse(location, url.href) ? new URL(location, url.href).href : location;
		throw new StartError(`${url.href}: redirects (${status}) to ${to}`, `Name that: turnabout theme explain … ${to}`);
	}
	const type = field('content-type').split(';')[0]?.trim().toLowerCase();
	if (type !== 'text/html' && type !== 'application/xhtml+xml') {
		const said = type === '' ? 'nothing of its type' : type;
		throw new StartError(`${url.href}: no page (${status}, ${said})`, 'Only text/html is themed.');
	}
	const coding = field('content-encoding').trim();
	if (coding !== '' && coding !== 'identity') {
		throw new StartError(
			`${url.href}: it came as ${coding}, though it was asked for plainly`,
			'Save it, and name the file.',
		);
	}
}
