/** Upstreams in a file: one in a line, read again when it has changed. For whoever writes it: a script, a deployment, a person. */
import { ReloadedFile } from '../../reloaded/index.ts';
import type { UpstreamSpec } from '../options.ts';
import { checkedFollowing, type Following, followed } from './following.ts';

/**
 * The upstreams of a file: a URL in each line, and behind it `name=…` and `weight=…` where they are wanted; `#` begins a comment. It is
 * looked at once a second. A line that is none leaves what was read before in force, and is told. Throws the system's error when
 * it cannot be read, TypeError for a mistake, with its line. `where`: the option that names the file, for messages.
 */
export function listed(
	path: string,
	options: Following = {},
	where = 'listed',
): AsyncIterable<readonly UpstreamSpec[]> {
	if (typeof path !== 'string' || path === '') throw new TypeError(`${where}: the path of a file is needed`);
	const following = checkedFollowing(where, options, []);
	const report = (error: Error): void => {
		globalThis.process?.stderr.write(`turnabout: warn: ${error.message}; what was read before stays in force\n`);
	};
	const file = new ReloadedFile(where, path, (text) => read(path, text), report);
	return followed(following, async () => {
		await file.look();
		return { list: file.value, seconds: 0 };
	});
}

/** `http:/a` is one for the parser as well, and nobody means it. */
const URL_BEGINS = /^(?:[a-z][a-z0-9+]*:\/\/|unix:\/)/i;

function read(path: string, text: string): UpstreamSpec[] {
	return text.split('\n').flatMap((line, index): UpstreamSpec[] => {
		const [url, ...rest] = line.replace(/#.*$/s, '').trim().split(/\s+/);
		if (url === undefined || url === '') return [];
		const where = `${path}:${index + 1}`;
		if (!URL_BEGINS.test(url) || !URL.canParse(url))
			throw new TypeError(`${where}: ${url} is no URL, such as http://host:3000`);
		return [{ url, ...Object.fromEntries(rest.map((part) => setting(where, part))) }];
	});
}

function setting(where: string, part: string): [name: string, value: string | number] {
	const at = part.indexOf('=');
	const [name, value] = [part.slice(0, at), part.slice(at + 1)];
	if (name === 'name' && value !== '') return [name, value];
	if (name === 'weight' && /^\d{1,6}(?:\.\d{1,6})?$/.test(value)) return [name, Number(value)];
	throw new TypeError(`${where}: ${part} is neither name=… nor weight=… with a number`);
}
