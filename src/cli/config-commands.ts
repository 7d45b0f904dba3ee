/** `turnabout run` and `turnabout check`: a configuration file, run or only read. */
import { CONFIG_FILES, describeConfig, runConfig } from '../serve/index.ts';
import { type Command, command } from './command.ts';
import { engine } from './shared-flags.ts';

export const runCommand: Command = command({
	summary: 'Serve what a configuration file says',
	usage: '[CONFIG] [--engine NAME]',
	about: `Serves what CONFIG says; where it is not named, ${CONFIG_FILES[0]} of the current folder (or the same
with .mts, .js or .mjs). A configuration is a module:

  import { defineConfig, reverse } from 'turnabout';

  export default defineConfig({
    listen: '127.0.0.1:8080',       // an ADDR, { address, tls }, or a list
    app: reverse('http://127.0.0.1:3000'),
    accessLog: '-',                 // or the path of a file, or 'off', the default
    workers: 1,                     // processes that share the port
    drain: 10_000,                  // milliseconds for requests under way at the end
    engine: 'h1',                   // or node-http, http2, or an engine of your own; --engine wins
  });`,
	flags: { engine },
	positionals: ['[CONFIG]'],
	examples: [
		['turnabout run', `${CONFIG_FILES[0]} of the current folder`],
		['turnabout run sites/shop.ts', 'another file'],
	],
	run: (values, [config]) => runConfig(config ?? null, process.cwd(), values.engine),
});

export const checkCommand: Command = command({
	summary: 'Say whether a configuration file is valid, without listening',
	usage: '[CONFIG]',
	about: `Loads CONFIG as \`turnabout run\` does and checks every setting, but listens nowhere and starts nothing.
Exit status 0 means that it is valid.`,
	flags: {},
	positionals: ['[CONFIG]'],
	examples: [['turnabout check', `${CONFIG_FILES[0]} of the current folder`]],
	run: async (_, [config]) => {
		process.stdout.write(`${await describeConfig(config ?? null, process.cwd())}\n`);
		return 0;
	},
});
