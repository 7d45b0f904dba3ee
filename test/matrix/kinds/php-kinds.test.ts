/** Kinds of app × engines: PHP, by php-fpm. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { fastcgi } from '../../../src/client/fastcgi/index.ts';
import { php, withoutPhp } from '../../client/fastcgi/php-fpm.ts';
import { kinds } from './kinds.ts';
import { fewEngines, type MadeApp, runKind } from './run-kind.ts';

const root = fileURLToPath(new URL('apps/php', import.meta.url));

async function started(): Promise<MadeApp> {
	const endings: (() => unknown)[] = [];
	const fpm = await php({ after: (ending) => endings.push(ending) }, {}, { root, children: 12 });
	const state = mkdtempSync(join(tmpdir(), 'turnabout-php-state-'));
	// Streamed, as far as PHP itself streams them: whole bodies are a matter of their own.
	const requestBody = { whole: false };
	const app = fastcgi(fpm.address, { root, env: { STATE: state }, requestBody, log: () => {} });
	return {
		app,
		stop: async () => {
			await app.close();
			for (const ending of endings) await ending();
			rmSync(state, { recursive: true, force: true });
		},
	};
}

runKind(kinds.php, started, fewEngines, withoutPhp);
