import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
	type AppKnowing,
	compositionFaults,
	compositionOf,
	explain,
	respond,
	stack,
} from '../../../src/convention/index.ts';
import { exchange } from '../../../src/engine/memory/index.ts';
import { identity } from '../../../src/middleware/keys.ts';
import { oidc } from '../../../src/middleware/oidc/index.ts';
import { sessions } from '../../../src/middleware/sessions/index.ts';

const good = { issuer: 'https://id.example', clientId: 'c', clientSecret: 'never to be shown' };

const refused: readonly [unknown, RegExp][] = [
	[null, /options are no object such as \{ issuer: .* but null/],
	[{ ...good, clientSecret: undefined }, /clientSecret is undefined; leave it out for a public client/],
	[{}, /issuer must be a URL|clientId must be text/],
	[{ ...good, isuer: 'x' }, /isuer: no such option.*did you mean issuer\?/],
	[{ ...good, issuer: 'id.example' }, /issuer must be a URL/],
	[{ ...good, issuer: 'http://id.example' }, /issuer must begin with https:/],
	[{ ...good, issuer: 'ftp://id.example', insecure: true }, /issuer must begin with https:/],
	[{ ...good, issuer: 'https://id.example/?x' }, /issuer must have no query/],
	[{ ...good, clientId: '' }, /clientId must be text/],
	[{ ...good, clientSecret: 7 }, /clientSecret must be text/],
	[{ ...good, secret: 'never to be shown' }, /secret has 17 bytes, and must have 32/],
	[{ ...good, secret: [] }, /secret must be one or a list/],
	[{ ...good, secret: 7 }, /secret must be text or bytes/],
	[{ ...good, clientAuthentication: 'jwt' }, /clientAuthentication must be 'basic' or 'post'/],
	[{ ...good, redirectPath: 'https://evil.example' }, /redirectPath must be a path on this server/],
	[{ ...good, redirectPath: '/x?y' }, /redirectPath must be a path without/],
	[{ ...good, loginPath: '//x' }, /loginPath must be a path on this server/],
	[{ ...good, logoutPath: '/login' }, /must be three different paths/],
	[{ ...good, afterLogout: '/\\x' }, /afterLogout must be a path on this server/],
	[{ ...good, origin: 'https://app.example/' }, /origin must be an origin/],
	[{ ...good, scopes: 'openid' }, /scopes must be a list/],
	[{ ...good, scopes: ['openid profile'] }, /scopes must be a list of words/],
	[{ ...good, scopes: ['profile'] }, /scopes must hold openid/],
	[{ ...good, parameters: { state: 'x' } }, /parameters.state is set by the layer itself/],
	[{ ...good, parameters: { max_age: 7 } }, /parameters.max_age must be text/],
	[{ ...good, nameClaim: '' }, /nameClaim must be text/],
	[{ ...good, userInfo: 'yes' }, /userInfo must be true or false/],
	[{ ...good, optional: 'maybe' }, /optional must be true or false/],
	[{ ...good, refreshBefore: -1 }, /refreshBefore must be whole milliseconds/],
	[{ ...good, timeout: 0 }, /timeout must be whole milliseconds/],
];
for (const [options, message] of refused) {
	test(`oidc refuses: ${message.source}, ${JSON.stringify(options)?.length ?? 0}`, () => {
		assert.throws(
			() => oidc(options as never),
			(error: Error) => {
				assert.match(error.message, message);
				assert.match(error.message, /^oidc: /);
				return !error.message.includes('never to be shown');
			},
		);
	});
}

const inner = () => respond(200);
const kept = sessions({ secret: 'x'.repeat(32) });

test('without sessions around it, it is refused at the start', () => {
	assert.match(compositionFaults(oidc(good)(inner)).join(), /oidc: put sessions\(\.\.\.\) around it/);
	assert.deepEqual(compositionFaults(stack(kept, oidc(good))(inner)), []);
});

test('an app within a login has an identity, in types as well; within an optional one it may have none', () => {
	const strict: AppKnowing<typeof identity> = (_request, context) => respond(200, null, context.get(identity).name);
	stack(kept, oidc(good))(strict);
	// @ts-expect-error -- nobody may be logged in
	stack(kept, oidc({ ...good, optional: true }))(strict);
	assert.deepEqual(compositionOf(oidc(good)(inner))?.note.proves, [identity]);
	assert.deepEqual(compositionOf(oidc({ ...good, optional: true })(inner))?.note.proves, []);
});

const explained: readonly [string, string, object, RegExp][] = [
	['GET', '/login', {}, /Begins a login with https:\/\/id\.example/],
	['GET', '/login/callback?code=x', {}, /Ends a login/],
	['POST', '/logout', {}, /Destroys the session/],
	['GET', '/logout', {}, /"405 Method Not Allowed"/],
	['GET', '/x', { accept: 'text/html' }, /Answers 303 See Other, to https:\/\/id\.example\/, when there is none/],
	['GET', '/x', {}, /Answers 401 Unauthorized when there is none/],
];
for (const [method, target, fields, expected] of explained) {
	test(`it explains ${method} ${target}${JSON.stringify(fields)}`, async () => {
		const { request, context } = exchange(inner, { method, target, fields: fields as Record<string, string> });
		const [step] = await explain(oidc(good)(inner), request, context);
		assert.match(JSON.stringify(step), expected);
		assert.ok(!JSON.stringify(step).includes('never to be shown'));
	});
}
