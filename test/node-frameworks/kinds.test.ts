/** Kinds of app × engines: the frameworks of node's http server. */
import { kinds } from '../matrix/kinds/kinds.ts';
import { engines, runKind } from '../matrix/kinds/run-kind.ts';
import { frameworkKinds } from './apps/framework-kinds.ts';
import { missing } from './missing.ts';

for (const [name, make] of Object.entries(frameworkKinds))
	runKind(kinds[name as keyof typeof frameworkKinds], make, engines, missing(name));
