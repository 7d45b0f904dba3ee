/**
 * The text format of wire scripts, `test/wire/*.http`. A file holds cases; a case is a dialogue on one connection.
 *
 *     # a comment
 *     === Title of the case
 *     @app echo                        the app behind the engine (support/wire-apps.ts)
 *     @options {"limits":{"target":9}} options of the engine, as JSON
 *     @split off                       do not repeat it at every split (for cases that wait)
 *     > GET / HTTP/1.1                 sent, with CRLF behind it
 *     > half a line\                   sent without CRLF
 *     < HTTP/1.1 200 OK                expected
 *     ! finish                         the client sends FIN and goes on reading
 *     ! pause 50                       the client waits (ms)
 *     ! closed                         now the server must end the connection in order: FIN, no RST
 *     ! cut                            now the connection must end, in any way, and nothing more may have come
 *
 * Escapes in both directions: \r \n \t \0 \\ \xHH. Sent lines also know `{split}`, a boundary between two writes, and
 * `{repeat 3 abc}`. Expected lines know `{date}`, `{any}` (the rest of a line), and:
 *
 *     < {others}          in a head: any other fields may stand there. The order of fields in a head is free.
 *     < {body}            a body of any content, as long as the head's Content-Length says
 *     < {chunked hello}   chunks, however cut, that make `hello`, with the line of the last chunk; trailers come next
 *     < {refused 400}     short for a head with that status and Connection: close, a body, and `! closed`
 *
 * A run of sent lines goes out before the expectation behind it is waited for. At its end a script's client sends FIN,
 * the server must close in order, and not one byte more than expected may have come.
 */

export type Expected =
	| { readonly kind: 'head'; readonly start: string; readonly fields: readonly string[]; readonly others: boolean }
	| { readonly kind: 'raw'; readonly text: string }
	| { readonly kind: 'chunked'; readonly text: string }
	| { readonly kind: 'body' };

export type Step =
	| { readonly kind: 'send'; readonly pieces: readonly string[] }
	| { readonly kind: 'expect'; readonly expected: readonly Expected[] }
	| { readonly kind: 'pause'; readonly ms: number }
	| { readonly kind: 'finish' | 'closed' | 'cut' };

export interface WireCase {
	readonly title: string;
	readonly app: string;
	readonly options: object;
	readonly split: boolean;
	readonly steps: readonly Step[];
}

const ESCAPES: Readonly<Record<string, string>> = { r: '\r', n: '\n', t: '\t', 0: '\0', '\\': '\\' };

function unescape(text: string): string {
	return text.replace(/\\(x[0-9a-fA-F]{2}|.)/g, (_all, code: string) => {
		if (code.length === 3) return String.fromCharCode(Number.parseInt(code.slice(1), 16));
		const plain = ESCAPES[code];
		if (plain === undefined) throw new Error(`Unknown escape \\${code}`);
		return plain;
	});
}

/** The bytes of a line: CRLF behind it unless it ends in a lone backslash. */
function bytesOf(line: string): string {
	const open = /(^|[^\\])(\\\\)*\\$/.test(line);
	return open ? unescape(line.slice(0, -1)) : `${unescape(line)}\r\n`;
}

function sent(lines: readonly string[]): string[] {
	const text = lines
		.map((line) =>
			bytesOf(
				line.replace(/\{repeat (\d+) (.*?)\}/g, (_all, count: string, part: string) => part.repeat(Number(count))),
			),
		)
		.join('');
	return text.split('{split}');
}

function headOf(lines: readonly string[], from: number): { head: Expected; next: number } {
	const end = lines.indexOf('', from);
	if (end < 0) throw new Error(`A head without its empty line: ${lines[from]}`);
	const fields = lines.slice(from + 1, end);
	const head: Expected = {
		kind: 'head',
		start: lines[from] as string,
		fields: fields.filter((line) => line !== '{others}').map(unescape),
		others: fields.includes('{others}'),
	};
	return { head, next: end + 1 };
}

function expectedOf(lines: readonly string[]): Expected[] {
	const expected: Expected[] = [];
	for (let i = 0; i < lines.length; ) {
		const line = lines[i] as string;
		const chunked = /^\{chunked (.*)\}$/.exec(line);
		if (line.startsWith('HTTP/1')) {
			const { head, next } = headOf(lines, i);
			expected.push(head);
			i = next;
			continue;
		}
		if (line === '{body}') expected.push({ kind: 'body' });
		else if (chunked !== null) expected.push({ kind: 'chunked', text: unescape(chunked[1] as string) });
		else expected.push({ kind: 'raw', text: bytesOf(line) });
		i++;
	}
	return expected;
}

function refusal(status: string): Step[] {
	const head: Expected = {
		kind: 'head',
		start: `HTTP/1.1 ${status} {any}`,
		fields: ['Connection: close'],
		others: true,
	};
	return [{ kind: 'expect', expected: [head, { kind: 'body' }] }, { kind: 'closed' }];
}

function action(line: string): Step {
	const [word, argument] = line.split(' ');
	if (word === 'pause') return { kind: 'pause', ms: Number(argument) };
	if (word === 'finish' || word === 'closed' || word === 'cut') return { kind: word };
	throw new Error(`Unknown action: ${line}`);
}

/** Reads the lines of one case, gathering runs of `>` and of `<` lines into one step each. */
function stepsOf(lines: readonly string[]): Step[] {
	const steps: Step[] = [];
	for (let i = 0; i < lines.length; ) {
		const mark = (lines[i] as string)[0];
		if (mark === '!') {
			steps.push(action((lines[i] as string).slice(2)));
			i++;
			continue;
		}
		const refused = /^< \{refused (\d+)\}$/.exec(lines[i] as string);
		if (refused !== null) {
			steps.push(...refusal(refused[1] as string));
			i++;
			continue;
		}
		const run: string[] = [];
		while (i < lines.length && (lines[i] as string)[0] === mark && !(lines[i] as string).startsWith('< {refused')) {
			run.push((lines[i++] as string).slice(2));
		}
		steps.push(mark === '>' ? { kind: 'send', pieces: sent(run) } : { kind: 'expect', expected: expectedOf(run) });
	}
	return steps;
}

function caseOf(block: string): WireCase {
	const [title, ...rest] = block.split('\n') as [string, ...string[]];
	const lines = rest.filter((line) => line !== '' && !line.startsWith('#'));
	const settings = new Map(
		lines
			.filter((line) => line.startsWith('@'))
			.map((line) => [line.slice(1).split(' ')[0], line.slice(line.indexOf(' ') + 1)]),
	);
	const dialogue = lines.filter((line) => !line.startsWith('@'));
	for (const line of dialogue) if (!/^[><!]( |$)/.test(line)) throw new Error(`${title}: what is this line? ${line}`);
	return {
		title,
		app: settings.get('app') ?? 'hello',
		options: JSON.parse(settings.get('options') ?? '{}') as object,
		split: settings.get('split') !== 'off',
		steps: stepsOf(dialogue),
	};
}

/** The cases of one file. */
export function parseWireScript(text: string): WireCase[] {
	const [, ...blocks] = `\n${text}`.split('\n=== ');
	return blocks.map(caseOf);
}
