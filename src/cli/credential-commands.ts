/** `turnabout hash-password` and `turnabout api-key`: what the files of `basicAuth` and `apiKey` are made of. */
import { generateApiKey } from '../middleware/api-key/index.ts';
import { type HashKind, hashPassword } from '../middleware/basic-auth/index.ts';
import { type Command, command } from './command.ts';
import { type Flag, FlagError } from './flags.ts';
import { readPassword } from './read-password.ts';
import { UsageError } from './usage-error.ts';

const kind: Flag<HashKind> = {
	value: 'KIND',
	help: 'argon2id (default; it needs Node 24.7) or scrypt',
	read: (text) => {
		if (text === 'argon2id' || text === 'scrypt') return text;
		throw new FlagError('no such kind', 'There are argon2id and scrypt.');
	},
};

export const hashPasswordCommand: Command = command({
	summary: 'Make a line of a file of users, as htpasswd does',
	usage: 'NAME [--kind KIND]',
	about: `Reads a password, without showing it where standard input is a terminal and as one line of it otherwise, and
prints NAME:HASH: a line for the file that basicAuth({ users }) reads. The password is never an argument, since
arguments can be seen by everybody on a machine.`,
	flags: { kind },
	positionals: ['NAME'],
	examples: [
		['turnabout hash-password ann >> users', 'asks for the password'],
		['turnabout hash-password ann < password.txt', 'reads its first line'],
	],
	run: async (values, [name = '']) => {
		// RFC 7617 section 2: the first colon ends the name.
		// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what it looks for
		if (name === '' || /[:\0-\x1f\x7f]/.test(name))
			throw new UsageError('NAME: has a colon or control characters', 'Choose another name.');
		const password = await readPassword(`Password of ${name}: `);
		process.stdout.write(`${name}:${await hashed(password, values.kind)}\n`);
		return 0;
	},
});

async function hashed(password: string, chosen: HashKind | undefined): Promise<string> {
	try {
		return await hashPassword(password, chosen);
	} catch (error) {
		throw new UsageError((error as Error).message, 'It is read from standard input.');
	}
}

const prefix: Flag<string> = {
	value: 'PREFIX',
	help: 'what the key begins with, so that people see whose it is; default: key',
	read: (text) => text,
};

export const apiKeyCommand: Command = command({
	summary: 'Make an API key, and the line that is kept of it',
	usage: 'NAME [--prefix PREFIX]',
	about: `Makes a key for NAME. The line for the file that apiKey({ keys }) reads goes to standard output; the key itself goes
to standard error, once: nobody can find it out from the line.`,
	flags: { prefix },
	positionals: ['NAME'],
	examples: [['turnabout api-key build >> keys', 'shows the key, and keeps its digest']],
	run: async (values, [name = '']) => {
		try {
			const { key, line } = generateApiKey(name, values.prefix);
			process.stderr.write(`${key}\n`);
			process.stdout.write(`${line}\n`);
		} catch (error) {
			throw new UsageError((error as Error).message.replace('apiKey: ', ''), 'Choose another.');
		}
		return 0;
	},
});
