/** Whether an expression looks at nothing but the node at hand and what is in it. Variables are for others to judge. */
import { type Expression, partsOf, type Step } from './ast.ts';

const DOWNWARD: ReadonlySet<Step['axis']> = new Set(['child', 'descendant', 'descendant-or-self', 'self', 'attribute']);
/** They find nodes by themselves, or ask those around. */
const ELSEWHERE: ReadonlySet<string> = new Set(['document', 'dyn:evaluate', 'id', 'key', 'lang']);

/** `current()` counts as at hand: it is the node that a template is about. */
export function staysWithin(expression: Expression): boolean {
	if (expression.type === 'path') {
		if (expression.from === 'root' || !expression.steps.every(({ axis }) => DOWNWARD.has(axis))) return false;
	}
	if (expression.type === 'call' && ELSEWHERE.has(expression.name)) return false;
	return partsOf(expression).every(staysWithin);
}
