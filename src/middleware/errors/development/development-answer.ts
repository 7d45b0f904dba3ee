/** The answer for whoever is writing the app: what was thrown, where, and the source code around it. */
import { type OutgoingResponse, type RawRequest, respond } from '../../../convention/index.ts';
import type { FieldList } from '../../../fields/index.ts';
import { causesOf, titleOf } from '../error-text.ts';
import type { ErrorFacts } from '../options.ts';
import { escapeHtml, htmlPage, problem } from '../pages.ts';
import { type SourceLine, sourceLines } from './source-lines.ts';
import { type StackFrame, stackFrames } from './stack-frames.ts';

/** Frames whose code is shown. */
const SHOWN = 8;

const STYLE =
	'body{font:1rem/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem;color:#222;background:#fff}h1{font-size:1.2rem;color:#b00}h2{font-size:1rem}pre{background:#f4f4f4;padding:.5rem;overflow:auto}mark{background:#fdd;display:inline-block;min-width:100%}';

/** `fields` are those of the error; they are taken over. */
export function developmentAnswer(facts: ErrorFacts, request: RawRequest, fields: FieldList): OutgoingResponse {
	const causes = causesOf(facts.error);
	if (facts.wants === 'json') {
		const errors = causes.map((error) => ({
			error: titleOf(error),
			stack: stackFrames(error).map(({ text }) => text),
		}));
		fields.append('Content-Type', 'application/problem+json');
		return respond(facts.status, fields, problem({ ...facts, detail: titleOf(facts.error) }, { errors }));
	}
	fields.append('Content-Type', 'text/html; charset=utf-8');
	// Nothing in the page does anything, whatever an error has put into it.
	fields.set('Content-Security-Policy', "default-src 'none'; style-src 'unsafe-inline'");
	const heading = `${facts.status} ${facts.title}`;
	const asked = `${request.method} ${request.target}${facts.id === null ? '' : `, ${facts.id}`}`;
	const body = `<p>${escapeHtml(heading)}: ${escapeHtml(asked)}</p>\n${causes.map(section).join('\n')}`;
	const note = '<p>This page is shown because <code>errors({ development: true })</code> says so.</p>';
	return respond(facts.status, fields, htmlPage(heading, STYLE, `${body}\n${note}`));
}

function section(error: unknown, index: number): string {
	let shown = 0;
	const frames = stackFrames(error).map((frame) => {
		const lines = frame.file === null || shown >= SHOWN ? null : sourceLines(frame.file, frame.line);
		if (lines !== null) shown++;
		return frameText(frame, lines);
	});
	const heading = `${index === 0 ? '' : 'Caused by '}${titleOf(error)}`;
	return `<h1>${escapeHtml(heading)}</h1>\n${frames.join('\n')}`;
}

function frameText({ text }: StackFrame, lines: readonly SourceLine[] | null): string {
	const title = `<h2>${escapeHtml(text)}</h2>`;
	if (lines === null) return title;
	const code = lines.map(({ number, text: line, here }) => {
		const whole = escapeHtml(`${String(number).padStart(5)}  ${line}`);
		return here ? `<mark>${whole}</mark>` : whole;
	});
	return `${title}\n<pre>${code.join('\n')}</pre>`;
}
