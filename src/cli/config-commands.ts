/** `turnabout run` and `turnabout check`: a configuration file, run or only read. */
import { CONFIG_FILES, checkServable, runConfig, standardError } from '../serve/index.ts';
import { type Command, command } from './command.ts';
import { type Flag, onOff } from './flags.ts';
import { engine } from './shared-flags.ts';

const watch: Flag<boolean> = onOff('Serve it anew whenever code in its folder has changed.');

export const runCommand: Command = command({
	summary: 'Serve what a configuration file says',
	usage: '[CONFIG] [--engine NAME] [--watch]',
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
  });

On SIGHUP, and with --watch whenever code in its folder changes, it is read again, with all that it imports, and its
app takes over: what is under way, WebSockets among it, goes on with the app that has begun it. One with a mistake is
told, and not used.`,
	flags: { engine, watch },
	positionals: ['[CONFIG]'],
	examples: [
		['turnabout run', `${CONFIG_FILES[0]} of the current folder`],
		['turnabout run sites/shop.ts', 'another file'],
	],
	run: ({ engine: name, watch: follow }, [config]) =>
		runConfig(config ?? null, process.cwd(), { ...(name && { engine: name }), watch: follow === true }),
});

export const checkCommand: Command = command({
	summary: 'Say whether an app or a configuration is valid, without listening',
	usage: '[MODULE|CONFIG]',
	about: `Loads an app as \`turnabout serve\` does, or a configuration as \`turnabout run\` does, and checks every setting, the
options and the order of layers, and whether the files of logs and databases could be opened. It listens nowhere, starts
nothing, and makes no file. Exit status 0 means that it is valid; what is worth a warning is said on standard error.`,
	flags: {},
	positionals: ['[MODULE|CONFIG]'],
	examples: [
		['turnabout check', `${CONFIG_FILES[0]} of the current folder`],
		['turnabout check app.ts', 'the app of app.ts'],
	],
	run: async (_, [named]) => {
		const { summary, warnings } = await checkServable(named ?? null, process.cwd());
		for (const warning of warnings) standardError(`warn: ${warning}`);
		process.stdout.write(`${summary}\n`);
		return 0;
	},
});
