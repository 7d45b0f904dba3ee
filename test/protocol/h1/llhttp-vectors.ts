/** Reads the vectors of llhttp: Markdown files with an input as `http` and what the parser says of it as `log`. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

export interface LlhttpVector {
	/** File and headings. */
	readonly name: string;
	/** `request`, `response`, or with what is relaxed: `request-lenient-headers`; `-finish` means the stream ends. */
	readonly type: string;
	/** Bodies are to be skipped, as those of HEAD are. */
	readonly skipBody: boolean;
	readonly input: string;
	readonly log: LlhttpLog;
}

export interface LlhttpLog {
	/** The reason it gave for refusing, or null. */
	readonly error: string | null;
	readonly urls: readonly string[];
	readonly statuses: readonly string[];
	readonly body: string;
	readonly completed: number;
	/** Where in the input messages begin. */
	readonly begins: readonly number[];
}

export function readVectors(folder: string): LlhttpVector[] {
	return ['request', 'response'].flatMap((kind) =>
		readdirSync(join(folder, 'test', kind))
			.sort()
			.flatMap((file) => readFile(`${kind}/${file}`, readFileSync(join(folder, 'test', kind, file), 'utf8'))),
	);
}

function readFile(file: string, text: string): LlhttpVector[] {
	const vectors: LlhttpVector[] = [];
	const headings: string[] = [];
	let meta = { type: '', skipBody: false };
	let input: string | null = null;
	for (const match of text.matchAll(/^(#+) (.*)$|<!-- meta=(\{.*?\}) *-->|^```(http|log)\n([\s\S]*?)^```$/gm)) {
		const [, level, heading, json, block, content = ''] = match;
		if (level !== undefined) {
			headings.length = level.length;
			headings[level.length - 1] = heading as string;
		}
		if (json !== undefined) meta = { skipBody: false, ...(JSON.parse(json) as { type: string }) };
		else if (block === 'http') input = unescaped(content);
		else if (input !== null) {
			const name = [file, ...headings.filter((part) => part !== undefined && part !== '')].join(': ');
			vectors.push({ name, ...meta, input, log: readLog(content) });
			input = null;
		}
	}
	return vectors;
}

/** As llhttp's own test runner reads its files. */
function unescaped(content: string): string {
	return content
		.replace(/\n$/, '')
		.replace(/\\\n/g, '')
		.replace(/\n/g, '\r\n')
		.replace(/\\r/g, '\r')
		.replace(/\\n/g, '\n')
		.replace(/\\t/g, '\t')
		.replace(/\\f/g, '\f')
		.replace(/\\x([0-9a-fA-F]+)/g, (_, digits: string) => String.fromCharCode(Number.parseInt(digits, 16)));
}

function readLog(content: string): LlhttpLog {
	const spans = (name: string): string[] => {
		const found: string[] = [];
		for (const match of content.matchAll(new RegExp(`span\\[${name}\\]="(.*)"$`, 'gm'))) found.push(match[1] as string);
		return found;
	};
	const errors = [...content.matchAll(/error code=(\d+) reason="(.*)"/g)];
	// 21 to 23 are pauses, for tunnels among others; 5 is what comes behind a message that closes, which we leave unread.
	const error = errors.find(([, code]) => !['5', '21', '22', '23'].includes(code as string));
	return {
		error: error?.[2] ?? (content.includes('finish=2') ? 'Unsafe to finish' : null),
		urls: spans('url'),
		statuses: [...content.matchAll(/headers complete .*status=(\d+)/g)].map((match) => match[1] as string),
		body: spans('body').join(''),
		completed: [...content.matchAll(/message complete/g)].length,
		begins: [...content.matchAll(/off=(\d+) message begin/g)].map((match) => Number(match[1])),
	};
}
