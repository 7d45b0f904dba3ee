/** Requests of ours for the tests here, with every part given a default. */
import { bytesSource, type Source } from '../../src/bytes/index.ts';
import { type IncomingInit, IncomingRequest } from '../../src/convention/index.ts';
import { FieldList, type FieldsInit } from '../../src/fields/index.ts';

type Parts = Partial<Omit<IncomingInit, 'fields' | 'payload'>> & {
	readonly fields?: FieldsInit;
	readonly payload?: Source | string | Uint8Array | null;
};

export function incoming(parts: Parts = {}): IncomingRequest {
	const { fields, payload = null, ...rest } = parts;
	return new IncomingRequest({
		method: payload === null ? 'GET' : 'POST',
		target: '/',
		form: 'origin',
		authority: 'example.com',
		scheme: 'http',
		version: '1.1',
		trailersReader: null,
		circumstances: null,
		...rest,
		fields: FieldList.of(fields),
		payload: typeof payload === 'string' || payload instanceof Uint8Array ? bytesSource(payload) : payload,
	});
}
