/** The parts of the matrix as a user of Koa writes them; without a router, whose package nobody has to have. */
import { json } from 'node:stream/consumers';
import Koa, { type Context } from 'koa';
import { journal, release } from '../../matrix/journal.ts';
import { count, LARGE, poured, sip } from '../../matrix/kinds/apps/acts.ts';
import { halving, pouring, sendEvents, waitForever, writeBehindTheEnd } from '../../matrix/kinds/apps/node-acts.ts';

type Answer = (context: Context, key: string) => unknown;

const answers: Readonly<Record<string, Answer>> = {
	hello: (context) => {
		context.body = 'hello';
	},
	method: (context) => {
		context.body = context.method;
	},
	status: (context, key) => {
		context.status = Number(key);
		context.etag = '1';
		if (key !== '204' && key !== '304') context.body = `status ${key}`;
	},
	redirect: (context) => {
		context.status = 303;
		context.redirect('/hello?from=redirect');
	},
	json: async (context) => {
		context.status = 201;
		context.body = { got: await json(context.req) };
	},
	path: (context, key) => {
		context.body = [decodeURIComponent(key), context.query['q'], context.query['r']];
	},
	where: (context) => {
		const { baseUrl = '' } = context.req as { readonly baseUrl?: string };
		context.body = { mount: baseUrl, path: context.path };
	},
	large: (context) => {
		context.body = Buffer.from(LARGE);
	},
	echo: (context) => {
		context.body = context.req;
	},
	read: async (context, key) => {
		context.body = await count(context.req, key);
	},
	sip: async (context, key) => {
		context.body = await sip(context.req, key);
	},
	pour: (context, key) => {
		context.body = pouring(key);
	},
	poured: (context, key) => {
		context.body = poured(key);
	},
	events: (context, key) => {
		context.respond = false;
		context.res.statusCode = 200;
		return sendEvents(context.res, key);
	},
	ignore: (context) => {
		context.status = 403;
		context.body = 'refused';
	},
	fields: (context) => {
		context.append('X-Out', 'a');
		context.append('X-Out', 'b');
		context.body = [context.get('x-one'), context.get('x-two')];
	},
	cookies: (context) => {
		context.cookies.set('a', '1', { httpOnly: false });
		context.cookies.set('b', '2', { httpOnly: false });
		context.body = context.get('cookie');
	},
	throws: () => {
		throw new Error('a secret detail');
	},
	breaks: (context) => {
		context.body = halving();
	},
	breakslength: (context) => {
		context.body = halving();
		context.length = 100;
	},
	short: (context) => {
		context.body = 'abcd';
		context.length = 10;
	},
	long: (context) => {
		context.body = 'abcdefgh';
		context.length = 3;
	},
	afterend: (context, key) => {
		context.respond = false;
		context.res.statusCode = 200;
		writeBehindTheEnd(context.res, key);
	},
	never: (context, key) => {
		context.respond = false;
		waitForever(context.req, context.res, key);
	},
	journal: (context, key) => {
		context.body = journal(key);
	},
	release: (context, key) => {
		context.body = release(key);
	},
};

export const koa: Koa = new Koa();
// Nobody needs to read of errors that were meant.
koa.silent = true;

koa.use(async (context) => {
	const [, name = '', key = ''] = context.path.split('/');
	await answers[name]?.(context, key);
});
