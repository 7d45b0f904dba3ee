/** All that a kind of app is asked, in the order of the page. */
import { answers } from './cases/answers.ts';
import { endings } from './cases/endings.ts';
import { errors } from './cases/errors.ts';
import { fields } from './cases/fields.ts';
import { streams } from './cases/streams.ts';
import { upgrades } from './cases/upgrades.ts';
import type { KindTheme } from './kind-case.ts';

export const kindThemes: readonly KindTheme[] = [answers, streams, fields, errors, endings, upgrades];
