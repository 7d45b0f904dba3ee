/** What is in deploy/ fits what it deploys. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { parseAllDocuments } from 'yaml';
import { checkServable } from '../../src/serve/index.ts';
import { project } from '../cli/command-process.ts';

const ROOT = new URL('../..', import.meta.url);
const textOf = (path: string): string => readFileSync(new URL(path, ROOT), 'utf8');

interface Manifest {
	readonly kind: string;
	readonly metadata: { readonly name: string };
	readonly data?: Readonly<Record<string, string>>;
	// biome-ignore lint/suspicious/noExplicitAny: a manifest of Kubernetes has no type here
	readonly spec?: any; // oxlint-disable-line typescript/no-explicit-any
	readonly rules?: readonly { readonly resources: readonly string[]; readonly verbs: readonly string[] }[];
}

const manifests = parseAllDocuments(textOf('deploy/kubernetes.yaml')).map((document) => document.toJS() as Manifest);
const manifest = (kind: string): Manifest => manifests.find((one) => one.kind === kind) as Manifest;

test('the configuration of the ConfigMap is valid, and its ports are those of the Deployment', async (t) => {
	const text = manifest('ConfigMap').data?.['turnabout.config.ts'] ?? '';
	const folder = project(t, { 'turnabout.config.ts': text });
	const before = { ...process.env };
	t.after(() => {
		process.env = before;
	});
	process.env['ADMIN_TOKEN'] = 'a'.repeat(64);
	process.env['KUBERNETES_SERVICE_HOST'] = '10.0.0.1';
	process.env['KUBERNETES_SERVICE_PORT'] = '443';
	const { summary } = await checkServable(null, folder);
	assert.match(summary, /8080/);
	const [container] = manifest('Deployment').spec.template.spec.containers;
	const ports = container.ports.map(({ containerPort }: { containerPort: number }) => containerPort);
	assert.deepEqual(ports, [8080, 9901]);
	assert.match(text, /':8080'[\s\S]*':9901'/);
});

test('probes ask what the admin listener answers without a token, and the drain fits into the patience of Kubernetes', () => {
	const { containers, terminationGracePeriodSeconds: patience } = manifest('Deployment').spec.template.spec;
	const [container] = containers;
	const paths = [container.startupProbe, container.readinessProbe, container.livenessProbe].map(
		({ httpGet }) => `${httpGet.port} ${httpGet.path}`,
	);
	assert.deepEqual(paths, ['admin /ready', 'admin /ready', 'admin /live']);
	const drain = /drain: ([\d_]+)/.exec(manifest('ConfigMap').data?.['turnabout.config.ts'] ?? '')?.[1] ?? '';
	const preStop = container.lifecycle.preStop.sleep.seconds as number;
	assert.ok(Number(drain.replaceAll('_', '')) / 1_000 + preStop < patience);
});

test('the service account may do what endpointSlices does, and no more', () => {
	assert.deepEqual(manifest('Role').rules, [
		{ apiGroups: ['discovery.k8s.io'], resources: ['endpointslices'], verbs: ['list'] },
	]);
});

test('the Dockerfile copies what is there, and starts what package.json names', () => {
	const text = textOf('deploy/Dockerfile');
	const copied = [...text.matchAll(/^COPY (?!--from)(.+) \.\S*$/gm)].flatMap(([, files]) =>
		(files as string).split(' '),
	);
	assert.ok(copied.includes('src') && copied.includes('package-lock.json'));
	for (const path of copied) assert.ok(existsSync(new URL(path, ROOT)), path);
	const { bin } = JSON.parse(textOf('package.json')) as { bin: Record<string, string> };
	assert.ok(text.includes(`node_modules/turnabout/${bin['turnabout']} /usr/local/bin/turnabout`));
});

test('systemd takes the units that install-service writes', (t) => {
	if (spawnSync('systemd-analyze', ['--version']).error !== undefined) return t.skip('there is no systemd here');
	const folder = mkdtempSync(join(tmpdir(), 'units-'));
	t.after(() => rmSync(folder, { recursive: true }));
	const args = [
		'bin/turnabout',
		'install-service',
		'--print',
		'--name',
		'shop',
		'--socket',
		':80',
		'--',
		'run',
		'a b%$.ts',
	];
	const { stdout, status } = spawnSync(process.execPath, args, { cwd: ROOT, encoding: 'utf8' });
	assert.equal(status, 0);
	const units = stdout.split(/^# (shop\.\w+)\n/m).slice(1);
	for (let at = 0; at < units.length; at += 2)
		writeFileSync(join(folder, units[at] as string), units[at + 1] as string);
	const files = ['shop.service', 'shop.socket'].map((file) => join(folder, file));
	const verified = spawnSync('systemd-analyze', ['verify', '--man=no', ...files], { encoding: 'utf8' });
	const complaints = verified.stderr.split('\n').filter((line) => line.includes('shop.'));
	assert.deepEqual(complaints, []);
	return undefined;
});
