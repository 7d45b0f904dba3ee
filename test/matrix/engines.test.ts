/** Every engine × every case: one suite for all of them. Those that need another runtime are in test/runtimes. */
import { subjects } from './engines.ts';
import { runSubject } from './run-subject.ts';

for (const subject of subjects) runSubject(subject);
