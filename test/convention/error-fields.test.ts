/** Fields that a layer wants in the answer to an error that it passes on. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { addErrorFields, errorFields, errorResponse, HttpError, UpstreamError } from '../../src/convention/index.ts';
import { FieldList } from '../../src/fields/index.ts';

test('what was noted with an error is in its answer, whatever it is', () => {
	for (const error of [new HttpError(404), new UpstreamError('dns_error'), new TypeError('x'), { thrown: true }]) {
		errorFields(error)?.set('X-Noted', 'yes');
		assert.equal(errorResponse(error)?.fields.get('x-noted'), 'yes');
		assert.equal(errorFields(error)?.get('x-noted'), 'yes', 'it is one list');
	}
});

test('it replaces what the error says itself, and adds to Vary', () => {
	const error = new HttpError(401, { fields: { Vary: 'Cookie', 'X-Who': 'error' } });
	errorFields(error)?.set('Vary', 'Origin, cookie');
	errorFields(error)?.set('X-Who', 'layer');
	const fields = errorResponse(error)?.fields;
	assert.deepEqual([fields?.get('vary'), fields?.get('x-who')], ['Cookie, Origin', 'layer']);
	assert.equal(error.fields.get('vary'), 'Cookie', 'the error stays as it was');
});

test('what cannot carry fields carries none, and nothing is shown of it', () => {
	for (const error of ['text', null, undefined, 7, Object.freeze(new Error('x'))]) {
		assert.equal(errorFields(error), null);
		const fields = FieldList.empty();
		addErrorFields(error, fields);
		assert.equal(fields.size, 0);
	}
	const error = new Error('x');
	errorFields(error);
	assert.deepEqual(Object.keys(error), []);
});
