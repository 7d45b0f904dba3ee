/**
 * What the old site answers, path by path. Add a row to add a page.
 * Redirects are absolute and name the old site's own address, as software of its age did.
 */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { FormTooLarge, readForm } from './form.ts';
import { sendPage } from './page.ts';
import type { Site, Visit } from './site.ts';

type Handler = (visit: Visit) => void | Promise<void>;

const folder = new URL('./public/', import.meta.url);
const STARTED = new Date(Math.floor(Date.now() / 1000) * 1000);

const pages: Readonly<Record<string, Handler>> = {
	'GET /': home,
	'GET /news/': (visit) => page(visit, 200, 'news', 'News'),
	'GET /news/regatta.html': (visit) => page(visit, 200, 'regatta', 'Lantern Regatta'),
	'GET /contact.html': (visit) => page(visit, 200, 'contact', 'Contact us'),
	'POST /cgi-bin/contact': contact,
	'GET /thanks.html': thanks,
	'GET /members/': members,
	'GET /berths.csv': berths,
	'GET /login.html': (visit) => page(visit, 200, 'login', 'Members only'),
	'POST /cgi-bin/login': login,
	'GET /cgi-bin/logout': logout,
	'GET /guestbook.html': (visit) => page(visit, 200, 'guestbook', 'Guestbook'),
	'GET /visitors.html': (visit) => page(visit, 200, 'visitors', 'Visitor counter'),
	'GET /cgi-bin/visitors': ({ site, request, response }) => site.visitors.watch(request, response),
	'GET /cgi-bin/printenv': printEnvironment,
	'GET /regatta2008.html': (visit) => redirect(visit, 301, '/news/regatta.html'),
	'GET /news': (visit) => redirect(visit, 301, '/news/'),
	'GET /members': (visit) => redirect(visit, 301, '/members/'),
	'GET /style.css': (visit) => file(visit, 'style.css', 'text/css'),
	'GET /logo.gif': (visit) => file(visit, 'logo.gif', 'image/gif'),
	'GET /favicon.ico': (visit) => file(visit, 'logo.gif', 'image/gif'),
};

/** Answers one request to the old site. */
export async function answer(site: Site, request: IncomingMessage, response: ServerResponse): Promise<void> {
	const [path = '', query] = (request.url ?? '').split('?', 2);
	const visit: Visit = { site, request, response, query: new URLSearchParams(query) };
	const key = `${request.method === 'HEAD' ? 'GET' : request.method} ${path}`;
	if (!Object.hasOwn(pages, key)) return page(visit, 404, 'not-found', 'Not found', { path });
	try {
		await pages[key]?.(visit);
	} catch (error) {
		if (!(error instanceof FormTooLarge)) throw error;
		page(visit, 413, 'contact', 'Contact us', { problem: problem('That is rather long. Please shorten it.') });
	}
}

function page(visit: Visit, status: number, name: string, title: string, values: Record<string, string> = {}): void {
	const member = visit.site.sessions.member(visit.request);
	const who = member === null ? 'You are a guest' : `Logged in: ${member}`;
	sendPage(visit.request, visit.response, status, name, { ...values, title, who });
}

const problem = (text: string): string => `<p class="problem">${text}</p>`;

function redirect(visit: Visit, status: number, path: string, cookie?: string): void {
	const { site, response } = visit;
	if (cookie !== undefined) response.setHeader('Set-Cookie', cookie);
	response.writeHead(status, { Location: site.address + path, 'Content-Type': 'text/plain' });
	response.end(`See ${path}\n`);
}

/** The one modern thing here: the browser hears of the style sheet before the page is made (103 Early Hints, RFC 8297). */
function home(visit: Visit): void {
	visit.response.writeEarlyHints({ link: '</style.css>; rel=preload; as=style' });
	visit.site.visits++;
	page(visit, 200, 'home', 'Home', { visits: String(visit.site.visits) });
}

async function contact(visit: Visit): Promise<void> {
	const form = await readForm(visit.request);
	const name = (form.get('name') ?? '').trim();
	const message = (form.get('message') ?? '').trim();
	if (name === '' || message === '') {
		const values = { name, message, problem: problem('Please fill in both fields.') };
		return page(visit, 400, 'contact', 'Contact us', values);
	}
	visit.site.messages++;
	const query = new URLSearchParams({ name, number: String(visit.site.messages) });
	redirect(visit, 303, `/thanks.html?${query.toString()}`);
}

function thanks(visit: Visit): void {
	const name = visit.query.get('name') ?? 'stranger';
	page(visit, 200, 'thanks', 'Thank you', { name, number: visit.query.get('number') ?? '0' });
}

function members(visit: Visit): void {
	const name = visit.site.sessions.member(visit.request);
	if (name === null) return redirect(visit, 302, '/login.html');
	page(visit, 200, 'members', 'Members', { name });
}

async function login(visit: Visit): Promise<void> {
	const form = await readForm(visit.request);
	const cookie = visit.site.sessions.login(form.get('name') ?? '', form.get('password') ?? '');
	if (cookie !== null) return redirect(visit, 303, '/members/', cookie);
	page(visit, 403, 'login', 'Members only', { problem: problem('Name and password do not fit.') });
}

function logout(visit: Visit): void {
	redirect(visit, 303, '/', visit.site.sessions.logout(visit.request));
}

/** A file made while it is sent, with its checksum behind it as a trailer field (RFC 9110 section 6.5, RFC 9530). */
function berths({ response }: Visit): void {
	const lines = ['boat;berth', 'Petrel;A 3', 'Old Molly;A 7', 'Gustav II;B 1'];
	const hash = createHash('sha256');
	response.writeHead(200, { 'Content-Type': 'text/csv; charset=utf-8', Trailer: 'Repr-Digest' });
	for (const line of lines) {
		hash.update(`${line}\n`);
		response.write(`${line}\n`);
	}
	response.addTrailers({ 'Repr-Digest': `sha-256=:${hash.digest('base64')}:` });
	response.end();
}

/** The request as it arrived here: see what a gateway makes of yours. */
function printEnvironment({ request, response }: Visit): void {
	const lines = [`${request.method} ${request.url} HTTP/${request.httpVersion}`];
	for (let i = 0; i + 1 < request.rawHeaders.length; i += 2) {
		lines.push(`${request.rawHeaders[i]}: ${request.rawHeaders[i + 1]}`);
	}
	response.writeHead(200, { 'Content-Type': 'text/plain; charset=iso-8859-1' });
	response.end(Buffer.from(`${lines.join('\n')}\n`, 'latin1'));
}

function file({ request, response }: Visit, name: string, type: string): void {
	const since = Date.parse(request.headers['if-modified-since'] ?? '');
	response.setHeader('Last-Modified', STARTED.toUTCString());
	if (since >= STARTED.getTime()) {
		response.writeHead(304).end();
		return;
	}
	const bytes = readFileSync(new URL(name, folder));
	response.writeHead(200, { 'Content-Type': type, 'Content-Length': bytes.length });
	response.end(request.method === 'HEAD' ? undefined : bytes);
}
