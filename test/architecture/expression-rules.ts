/** No regular expression takes longer than in proportion to what it reads; where one may, it says why that hurts nobody. */
import { growthOf } from './ambiguity.ts';
import { pieces } from './code-text.ts';
import { readExpression } from './expression-syntax.ts';
import type { Rule } from './import-rules.ts';
import { sources } from './source-tree.ts';

/** Beginnings of paths whose expressions may be polynomial, and why. None may be exponential. */
const BOUNDED: Readonly<Record<string, string>> = {
	'src/client/fastcgi/options.ts': "the operator's path of a folder",
	'src/frameworks/blocking/thread/program.ts': 'the stack of a module that could not be loaded, at start',
	'src/routing/explain-routes.ts': 'a line of our own stack, when routes are made',
	'src/serve/load-module.ts': "the runtime's words about the operator's module, at start",
	'src/serve/module-syntax.ts': "the operator's module, at start",
	'src/theme/cases/': 'test cases of whoever writes the theme',
	'src/theme/css/': 'selectors of whoever writes the theme',
	'src/theme/debug/client-page.ts': 'the view for whoever writes the theme',
	'src/theme/explain/': 'selectors of whoever writes the theme',
	'src/theme/files/': 'files of whoever writes the theme',
	'src/theme/rules/': 'rules of whoever writes the theme',
	'src/theme/http/charset/declared.ts': 'the first 1024 bytes of a page',
	'src/theme/xpath/functions/format-number.ts': 'the digits of a number',
};

/** Where expressions are put together at run time, and of what. */
const MADE: Readonly<Record<string, string>> = {
	'src/fields/http-date.ts': 'names of days and months',
	'src/middleware/basic-auth/password-hash.ts': 'lengths, in lines of a file of the operator',
	'src/routing/pattern.ts': "the operator's patterns",
	'src/theme/': "of the theme's own words",
};

const allowed = (path: string, table: Readonly<Record<string, string>>): boolean =>
	Object.keys(table).some((start) => path.startsWith(start));

export const linearExpressions: Rule = (tree) =>
	sources(tree).flatMap(([path, text]) =>
		pieces(text).flatMap(({ kind, text: piece }) => {
			if (kind === 'code' && /\bRegExp\(/.test(piece) && !allowed(path, MADE)) {
				return [`${path}: an expression is made at run time`];
			}
			if (kind !== 'expression') return [];
			const end = piece.lastIndexOf('/');
			const flags = piece.slice(end + 1);
			const growth = growthOf(readExpression(piece.slice(1, end), flags), !flags.includes('y'));
			if (growth === 'linear' || (growth === 'polynomial' && allowed(path, BOUNDED))) return [];
			return [`${path}: ${piece} takes ${growth} time`];
		}),
	);
