/** `turnabout explain`: what would become of a request, without sending it. */
import { type Address, type ExplainedStep, explain, type FieldNote, raw, respond } from '../convention/index.ts';
import { ask, type MemoryRequest } from '../engine/memory/index.ts';
import { isIPv4, isIPv6, isToken } from '../fields/index.ts';
import { checkComposition, type Loaded, loadServable, type Servable } from '../serve/index.ts';
import { type Command, command } from './command.ts';
import { type Flag, FlagError, onOff, type RepeatedFlag } from './flags.ts';
import { UsageError } from './usage-error.ts';

const header: RepeatedFlag<readonly [string, string]> = {
	value: "'NAME: VALUE'",
	help: 'A field of the request; may be given several times.',
	repeated: true,
	read: (text: string) => {
		const colon = text.indexOf(':');
		const name = text.slice(0, colon);
		if (colon < 1 || !isToken(name)) throw new FlagError('not a field', "Write 'Name: value', in quotes.");
		return [name, text.slice(colon + 1).trim()] as const;
	},
};

const from: Flag<string> = {
	value: 'IP',
	help: 'The address that the request comes from. Default: 127.0.0.1.',
	read: (text: string) => {
		if (!isIPv4(text) && !isIPv6(text))
			throw new FlagError('not an IP address', 'For example 192.0.2.1 or 2001:db8::1.');
		return text;
	},
};

export const explainCommand: Command = command({
	summary: 'Show what would become of a request, without sending it',
	usage: "METHOD URL [MODULE|CONFIG] [--header 'NAME: VALUE'] [--from IP] [--proxy] [--json]",
	about: `Loads an app or a configuration as \`turnabout routes\` does, and walks a request through it: each layer from the
outside in with what it would do, the route, the upstream, and the fields that are added, set and removed, with the
sections of the RFCs that ask for it. It listens nowhere and asks nobody. Functions of your own say nothing.
Layers in an order that makes no sense are refused.`,
	flags: {
		header,
		from,
		proxy: onOff('The request is one to a forward proxy: its target is the whole URL, as clients send it there.'),
		json: onOff('For programs: the same as JSON.'),
	},
	positionals: ['METHOD', 'URL', '[MODULE|CONFIG]'],
	examples: [
		['turnabout explain GET http://shop.example/cart', 'by turnabout.config.ts'],
		['turnabout explain --proxy GET http://example.org/ proxy.ts', 'by a forward proxy; CONNECT example.org:443, too'],
		["turnabout explain GET /admin app.ts --header 'Cookie: a=1' --from 192.0.2.1", 'by the app of app.ts'],
	],
	run: async (values, [method = '', url = '', named]) => {
		const request = requestOf(method, url, values);
		const { app, log, file } = await loadServable(named ?? null, process.cwd());
		checkComposition(app, null, file);
		const steps = await stepsOf(app, log, request);
		process.stdout.write(values.json === true ? `${JSON.stringify(steps.map(plain), null, 2)}\n` : formatSteps(steps));
		return 0;
	},
});

function requestOf(
	method: string,
	url: string,
	{
		header: fields = [],
		from: host = '127.0.0.1',
		proxy = false,
	}: {
		header?: readonly (readonly [string, string])[] | undefined;
		from?: string | undefined;
		proxy?: boolean | undefined;
	},
): MemoryRequest {
	if (!isToken(method)) throw new UsageError(`${method}: not a method`, 'For example GET.');
	if (!/^(?:https?:\/\/[^/]|\/)/.test(url) && method !== 'CONNECT')
		throw new UsageError(`${url}: not a URL`, 'For example http://shop.example/cart, or /cart.');
	if (proxy && method !== 'CONNECT' && !url.startsWith('http'))
		throw new UsageError(`${url}: a proxy is asked by a whole URL`, 'For example http://shop.example/cart.');
	const remote: Address = { kind: 'ip', host, port: 50_000 };
	const absolute = proxy ? { target: url, form: 'absolute' as const } : {};
	const where =
		method === 'CONNECT' ? { target: url, authority: url, form: 'authority' as const } : { url, ...absolute };
	return { method, ...where, fields, ...bodyOf(fields), remote, local: { kind: 'ip', host: '127.0.0.1', port: 8080 } };
}

/** The body that the fields speak of, as far as its length goes: nobody reads it. */
function bodyOf(fields: readonly (readonly [string, string])[]): Pick<MemoryRequest, 'body'> {
	const said = (wanted: string): string | undefined => fields.find(([name]) => name.toLowerCase() === wanted)?.[1];
	const length = said('content-length');
	if (length === undefined && said('transfer-encoding') === undefined) return {};
	const unread = { start(): void {}, resume(): void {}, cancel(): void {} };
	return { body: { length: length !== undefined && /^\d{1,15}$/.test(length) ? Number(length) : null, ...unread } };
}

/** The access log of a configuration stands around everything. */
async function stepsOf(app: Servable, log: Loaded['log'], request: MemoryRequest): Promise<readonly ExplainedStep[]> {
	let steps: ExplainedStep[] = [];
	let failure: unknown = null;
	await ask(async (asked, context) => {
		try {
			const around = log === null ? [] : await explain(log(nobody), raw(asked), context);
			steps = [...around.slice(0, 1), ...(await explain(app, raw(asked), context))];
		} catch (error) {
			failure = error;
		}
		return respond(204);
	}, request);
	if (failure !== null) throw failure;
	return steps;
}

const nobody = (): Response => respond(204);

function plain({ name, explanation, last }: ExplainedStep): object {
	const { does = [], fields = [], answers = null } = explanation ?? {};
	return { name, does, fields, answers, last };
}

const SIGNS: Readonly<Record<FieldNote['what'], string>> = { adds: '+', sets: '~', removes: '-' };

/** Steps for people: a paragraph each, with the fields below. */
export function formatSteps(steps: readonly ExplainedStep[]): string {
	return steps
		.map(({ name, explanation, last }, index) => {
			const { does = [], fields = [], answers } = explanation ?? {};
			const nothing =
				explanation === null ? [last ? 'Answers; it says nothing of itself.' : 'Says nothing of itself.'] : [];
			const ends = answers === undefined ? [] : [`Answers ${answers}.`];
			const lines = [...does.map(sentence), ...nothing, ...fields.map(fieldLine), ...ends];
			return `${index + 1} ${name}\n${lines.map((line) => `    ${line}\n`).join('')}`;
		})
		.join('');
}

/** Layers may say it in a few words, too. */
function sentence(text: string): string {
	return `${text.charAt(0).toUpperCase()}${text.slice(1)}${/[.!?]$/.test(text) ? '' : '.'}`;
}

function fieldLine({ what, name, value, on, when, source }: FieldNote): string {
	const text = `${value === undefined ? name : `${name}: ${value}`}${when === undefined ? '' : `, ${when}`}`;
	return `${SIGNS[what]} ${on} ${text}${source === undefined ? '' : `  (${source})`}`;
}
