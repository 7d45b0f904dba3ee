/** `turnabout ca`: the authority whose certificates interception shows. */
import { writeFile } from 'node:fs/promises';
import { certificateAuthority, describeAuthority } from '../intercept/index.ts';
import { type Command, command } from './command.ts';
import { type Flag, FlagError } from './flags.ts';

const format: Flag<'pem' | 'der'> = {
	value: 'pem|der',
	help: 'how --export writes it; default: pem',
	read: (text) => {
		if (text === 'pem' || text === 'der') return text;
		throw new FlagError('no such format', 'There are pem and der.');
	},
};

const directory: Flag<string> = {
	value: 'DIR',
	help: 'the folder it is kept in; default: turnabout in $XDG_DATA_HOME or ~/.local/share',
	read: (text) => text,
};

const target: Flag<string> = {
	value: 'FILE|-',
	help: 'writes the certificate to a file, or to standard output',
	read: (text) => text,
};

export const caCommand: Command = command({
	summary: 'Show the certificate authority of interception, export it, and say how to trust it',
	usage: '[--directory DIR] [--export FILE|-] [--format pem|der]',
	about: `The authority is made when it is first asked for. Its key is readable by its owner alone and is never shown or
exported; the certificate is for those who are to trust it. Nothing is changed on this machine.`,
	flags: { directory, export: target, format },
	positionals: [],
	examples: [
		['turnabout ca', 'shows where it is, its fingerprint, and how to trust it'],
		['turnabout ca --export - > authority.pem', 'the certificate, for another machine'],
	],
	run: async (values) => {
		const ca = certificateAuthority(values.directory === undefined ? {} : { directory: values.directory });
		try {
			const authority = await ca.load();
			const { export: file } = values;
			if (file === undefined) process.stdout.write(describeAuthority(authority));
			else await written(file, values.format === 'der' ? authority.der : authority.pem);
			return 0;
		} catch (error) {
			process.stderr.write(`turnabout: ${(error as Error).message}\n`);
			return 1;
		}
	},
});

async function written(file: string, content: string | Uint8Array): Promise<void> {
	if (file === '-') process.stdout.write(content);
	else await writeFile(file, content);
}
