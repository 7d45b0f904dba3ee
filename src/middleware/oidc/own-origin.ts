/** This server's origin as the browser sees it: the option's, or what the request says. */
import { type Context, HttpError, type RawRequest } from '../../convention/index.ts';
import { client } from '../keys.ts';

/** Throws 400 where the request says nothing of use. A host that is not ours is harmless: the provider knows the URLs it may send a browser to. */
export function ownOrigin(request: RawRequest, context: Context): string {
	const from = context.get(client);
	const authority = from?.host ?? request.authority;
	const url = `${from?.scheme ?? request.scheme}://${authority}`;
	if (authority === '' || /[/\\?#@\s]/.test(authority) || !URL.canParse(url))
		throw new HttpError(400, { message: 'A login needs a Host' });
	return new URL(url).origin;
}
