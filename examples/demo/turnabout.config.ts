/**
 * The demo's front as a configuration. Start the old site, then this:
 *
 *     node examples/demo/legacy/main.ts 8081
 *     npx turnabout run examples/demo/turnabout.config.ts
 */
import process from 'node:process';
import { defineConfig } from 'turnabout';
import { front } from './front.ts';

export default defineConfig({
	...front(process.env['LEGACY'] ?? 'http://127.0.0.1:8081'),
	listen: '127.0.0.1:8080',
});
