/** Kinds of app × engines: those that need nothing but what is installed with this package. */
import { fetchKinds } from './apps/fetch-kinds.ts';
import { nodeKinds } from './apps/node-kinds.ts';
import { kinds } from './kinds.ts';
import { engines, runKind } from './run-kind.ts';

const made = { ...fetchKinds, ...nodeKinds };

for (const [name, app] of Object.entries(made)) runKind(kinds[name as keyof typeof made], () => ({ app }), engines);
