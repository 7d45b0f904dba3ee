/** Clients that stay: a cookie says who has answered them. It holds a hash of the name, so that nobody reads our names in it. */
import { type RawRequest, withOwnFields } from '../convention/index.ts';
import { cookieValue, formatSetCookie } from '../fields/index.ts';
import { textHash } from './balance/index.ts';
import type { Group } from './group.ts';
import type { Member } from './member.ts';
import type { StickyOptions } from './options.ts';

export class Sticky {
	private readonly cookie: string;
	private readonly seconds: number | undefined;
	private readonly secure: boolean;

	constructor({ cookie = 'upstream', seconds, secure = false }: StickyOptions) {
		this.cookie = cookie;
		this.seconds = seconds;
		this.secure = secure;
	}

	/** Whom the client stays with; null when it has nobody, or that one cannot be asked. */
	memberFor(request: RawRequest, group: Group): Member | null {
		const wanted = cookieValue(request.fields, this.cookie);
		return wanted === null ? null : group.named((member) => tokenOf(member) === wanted);
	}

	/** The answer, with the cookie when it is another than the client has sent. */
	remember(response: Response, request: RawRequest, member: Member): Response {
		const token = tokenOf(member);
		if (cookieValue(request.fields, this.cookie) === token) return response;
		const message = withOwnFields(response);
		const { seconds, secure } = this;
		const attributes = { path: '/', httpOnly: true, sameSite: 'Lax' as const, secure };
		const value = formatSetCookie(this.cookie, token, {
			...attributes,
			...(seconds === undefined ? {} : { maxAge: seconds }),
		});
		message.fields.append('Set-Cookie', value);
		return message;
	}
}

function tokenOf({ name }: Member): string {
	return `${textHash(name).toString(36)}${textHash(name, 1).toString(36)}`;
}
