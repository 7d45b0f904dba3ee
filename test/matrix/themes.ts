/** All themes of the suite, in the order of the page. */
import type { Theme } from './case.ts';
import { abort } from './cases/abort.ts';
import { bodies } from './cases/bodies.ts';
import { errors } from './cases/errors.ts';
import { fields } from './cases/fields.ts';
import { informational } from './cases/informational.ts';
import { streams } from './cases/streams.ts';
import { tunnels } from './cases/tunnels.ts';

export const themes: readonly Theme[] = [bodies, streams, fields, informational, errors, abort, tunnels];
