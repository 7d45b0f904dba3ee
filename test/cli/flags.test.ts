import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseFlags } from '../../src/cli/flags.ts';
import { accessLog, accessLogFormat, accessLogOr, drain, listen, workers } from '../../src/cli/shared-flags.ts';

const flags = { listen, workers, drain, 'access-log': accessLog };

test('values are read, wherever the flags stand', () => {
	const args = ['one', '--listen', '8080', '--workers=3', 'two', '--listen=:0', '--drain', '1.5s', '--access-log', '-'];
	const { values, positionals, help } = parseFlags(flags, args, 'serve');
	assert.deepEqual(values, { listen: ['8080', ':0'], workers: 3, drain: 1500, 'access-log': '-' });
	assert.deepEqual(positionals, ['one', 'two']);
	assert.equal(help, false);
});

test('flags that are not given are undefined, repeated ones an empty list', () => {
	const { values } = parseFlags(flags, [], 'serve');
	assert.deepEqual(values, { listen: [], workers: undefined, drain: undefined, 'access-log': undefined });
});

test('behind -- everything is positional', () => {
	assert.deepEqual(parseFlags(flags, ['--', '--listen', '-'], 'serve').positionals, ['--listen', '-']);
});

test('times have units', () => {
	for (const [text, milliseconds] of Object.entries({ '0s': 0, '500ms': 500, '10s': 10_000, '2m': 120_000 })) {
		assert.equal(drain.read(text), milliseconds);
	}
	for (const text of ['', '10', 's', '-1s', '1h', '1 s']) assert.throws(() => drain.read(text), { name: 'FlagError' });
});

test('a format is one of three, and a log of one goes somewhere', () => {
	assert.equal(accessLogFormat.read('json'), 'json');
	for (const text of ['', 'JSON', 'xml']) assert.throws(() => accessLogFormat.read(text), { name: 'FlagError' });
	assert.equal(accessLogOr('a.log', undefined), 'a.log');
	assert.equal(accessLogOr('off', 'json'), 'off');
	assert.deepEqual(accessLogOr('a.log', 'json'), { to: 'a.log', format: 'json' });
	assert.deepEqual(accessLogOr(undefined, 'common'), { to: '-', format: 'common' });
});

test('auto is at least one worker', () => {
	assert.ok(workers.read('auto') >= 1);
	for (const text of ['', '0', '-1', '1.5', '1e3', 'all'])
		assert.throws(() => workers.read(text), { name: 'FlagError' });
});
