/**
 * A reverse proxy as code: `npx turnabout run examples/reverse.ts`.
 * The same in flags: `npx turnabout reverse --to http://127.0.0.1:3000`.
 */
import { defineConfig, reverse } from 'turnabout';

export default defineConfig({
	app: reverse('http://127.0.0.1:3000', { location: 'map' }),
	accessLog: '-',
});
