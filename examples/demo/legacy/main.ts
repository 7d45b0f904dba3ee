/** The old site alone: `node examples/demo/legacy/main.ts [PORT]`. */
import { startLegacySite } from './server.ts';

const site = await startLegacySite(Number(process.argv[2] ?? 8081));
console.log(`The old site is at ${site.url}`);

for (const signal of ['SIGINT', 'SIGTERM'] as const) {
	process.once(signal, () => {
		void site.stop();
	});
}
