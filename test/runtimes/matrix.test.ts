/** The matrix of test/matrix on Bun and Deno: our HTTP/1.1 engine there, and their own. */
import { runSubject } from '../matrix/run-subject.ts';
import { missing } from './runtime-process.ts';
import { runtimeSubjects, secureRuntimeSubjects } from './subjects.ts';

for (const subject of [...runtimeSubjects, ...secureRuntimeSubjects]) runSubject(subject, missing(subject.runtime));
