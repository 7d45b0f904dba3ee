/** The flags that several of the theme's commands have. */
import { type Flag, FlagError, type RepeatedFlag } from '../flags.ts';

const asGiven = (text: string): string => text;

export const rules: Flag<string> = {
	value: 'FILE',
	help: 'The rules: .xml (Diazo’s language), .yaml or .yml.',
	required: true,
	read: asGiven,
};

export const themeFile: Flag<string> = {
	value: 'FILE',
	help: 'The theme for pages that no condition chooses one for,\ninstead of the one that the rules name.',
	read: asGiven,
};

export const root: Flag<string> = {
	value: 'DIR',
	help: 'The folder that no file is read outside of.\nDefault: that of the rules, or the one that holds --theme as well.',
	read: asGiven,
};

export const path: Flag<string> = {
	value: 'PATH',
	help: 'The path of the page, for if-path and $path. Default: /, or that of the URL.',
	read: (text) => {
		if (text.startsWith('/')) return text;
		throw new FlagError('a path begins with a slash', `Write /${text}.`);
	},
};

/** `--param`: name and value. */
export const parameter: RepeatedFlag<readonly [name: string, value: string]> = {
	value: 'NAME=VALUE',
	help: 'The value of a parameter of the rules; may be given several times.',
	repeated: true,
	read: (text) => {
		const at = text.indexOf('=');
		if (at === -1) throw new FlagError('the value is missing', `Write ${text}=VALUE; ${text}= is the empty value.`);
		const name = text.slice(0, at);
		if (!/^[\p{L}_][\p{L}\p{N}_.-]*$/u.test(name)) {
			const hint = 'A name begins with a letter; letters, digits, - and _ may follow: section=news.';
			throw new FlagError('not the name of a parameter', hint);
		}
		return [name, text.slice(at + 1)];
	},
};

export const parametersOf = (
	list: readonly (readonly [name: string, value: string])[],
): Readonly<Record<string, string>> => Object.fromEntries(list);

export const prefix: Flag<string> = {
	value: 'URL',
	help: 'What goes in front of relative URLs of the theme: /static/theme.',
	read: asGiven,
};

export const mode: Flag<'html' | 'xhtml'> = {
	value: 'html|xhtml',
	help: 'html writes HTML5; xhtml writes XHTML 1.0 as Diazo does. Default: html,\nfor `theme test` xhtml.',
	read: (text) => {
		if (text === 'html' || text === 'xhtml') return text;
		throw new FlagError('no such mode', 'Write html or xhtml.');
	},
};

export const compat: Flag<'diazo' | null> = {
	value: 'diazo|off',
	help: 'diazo does as Diazo does where its documentation says another.\nDefault: off, for `theme test` diazo.',
	read: (text) => {
		if (text === 'diazo') return text;
		if (text === 'off') return null;
		throw new FlagError('no such choice', 'Write diazo or off.');
	},
};
