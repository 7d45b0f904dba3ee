/**
 * The demo's front as a configuration. Start the old site, then this:
 *
 *     node examples/demo/legacy/main.ts 8081
 *     npx turnabout run examples/demo/turnabout.config.ts
 */
import process from 'node:process';
import { defineConfig, mount, reverse } from 'turnabout';
import { modern } from './modern/app.ts';

const oldSite = reverse(process.env['LEGACY'] ?? 'http://127.0.0.1:8081', { location: 'map' });

export default defineConfig({
	listen: '127.0.0.1:8080',
	app: mount('/new', modern)(oldSite),
	resources: [oldSite],
	accessLog: '-',
});
