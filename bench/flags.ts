/** The bench's command line. */
import { parseArgs } from 'node:util';
import { type Work, works } from './suites.ts';

export const usage = `npm run bench -- [flags]

  --rounds N     rounds, each measuring every target once, freshly started (default 5)
  --warm S       seconds of load before each measurement (default 2)
  --seconds S    how long each measurement lasts (default 3)
  --only NAME    this work alone; may be given several times: ${works.map((work) => work.name).join(', ')}
  --idle N       connections of the work idle (default 10000)
  --theme        what re-theming costs, and nothing else: no servers, nothing to install
  --smoke        one round of one second of the quickest works and of --theme: that everything runs, not how fast
  --json FILE    also write everything that was measured to FILE
  --help         this text
`;

export interface Flags {
	readonly help: boolean;
	/** Re-theming is measured; alone, unless it is part of a smoke run. */
	readonly theme: boolean;
	readonly smoke: boolean;
	readonly rounds: number;
	readonly warm: number;
	readonly seconds: number;
	readonly idle: number;
	readonly works: readonly Work[];
	readonly json: string | null;
}

/** Reads the flags; throws what is wrong with them. */
export function parseFlags(args: readonly string[]): Flags {
	const { values } = parseArgs({
		args: [...args],
		options: {
			rounds: { type: 'string' },
			warm: { type: 'string' },
			seconds: { type: 'string' },
			only: { type: 'string', multiple: true },
			idle: { type: 'string' },
			theme: { type: 'boolean' },
			smoke: { type: 'boolean' },
			json: { type: 'string' },
			help: { type: 'boolean' },
		},
	});
	const smoke = values.smoke === true;
	const theme = values.theme === true;
	if (theme && values.only !== undefined) throw new Error('--theme measures no works; leave --only out');
	return {
		help: values.help === true,
		theme: theme || (smoke && values.only === undefined),
		smoke,
		rounds: positive('--rounds', values.rounds, smoke ? 1 : 5),
		warm: positive('--warm', values.warm, smoke ? 1 : 2),
		seconds: positive('--seconds', values.seconds, smoke ? 1 : 3),
		idle: positive('--idle', values.idle, 10_000),
		works: theme ? [] : chosen(values.only, smoke),
		json: values.json ?? null,
	};
}

function positive(flag: string, text: string | undefined, otherwise: number): number {
	if (text === undefined) return otherwise;
	if (!/^[1-9]\d{0,5}$/.test(text)) throw new Error(`${flag} takes a whole number above 0, not '${text}'`);
	return Number(text);
}

function chosen(names: readonly string[] | undefined, smoke: boolean): readonly Work[] {
	if (names === undefined) return smoke ? works.filter((work) => work.quick === true) : works;
	return names.map((name) => {
		const work = works.find((candidate) => candidate.name === name);
		if (work === undefined) throw new Error(`--only: no work is called '${name}'; see --help`);
		return work;
	});
}
