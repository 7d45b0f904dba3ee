/** `node test/runner/audit.ts`: asks the registry about all packages of the folder, those for development as well. */
import { spawnSync } from 'node:child_process';
import { auditVerdict } from './audit-verdict.ts';

const kinds = ['dev', 'optional', 'peer', 'prod'].map((kind) => `--include=${kind}`);
const { stdout, stderr, error } = spawnSync('npm', ['audit', '--json', ...kinds], { encoding: 'utf8' });
const { failed, lines } = auditVerdict(stdout ?? '');
for (const line of lines) console.log(line);
if (failed) console.error(error?.message ?? stderr);
process.exitCode = failed ? 1 : 0;
