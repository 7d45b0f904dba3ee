/**
 * How much of a document must be read before an expression's answer stands: sees through paths below head, through the
 * attributes of html and body, and, where ids are unique, through what one element holds. Anything else waits for the
 * end. Variables count as known: who gives them values knows what those wait for.
 */
import { bothSettled, type Settlement } from '../tree/index.ts';
import { type Expression, type PathExpression, partsOf, type Step } from './ast.ts';
import { isPlain } from './facts.ts';
import { attributeEquals, attributeName, conjuncts } from './recognise.ts';
import { simplify } from './simplify.ts';

/** All of the value, or only whether and how often there is something. */
export type Asked = 'value' | 'existence';

const EXISTENCE = new Set(['boolean', 'not', 'count']);
/** They look at more of the document than their arguments show. */
const WIDE = new Set(['dyn:evaluate', 'current', 'key', 'position', 'last']);
/** They leave the node at hand. */
const ELSEWHERE = new Set(['current', 'dyn:evaluate', 'id', 'key', 'lang']);

export function settlementOf(expression: Expression, uniqueIds: boolean, asked: Asked): Settlement {
	const all = (parts: readonly Expression[], how: Asked): Settlement =>
		parts.reduce<Settlement>((known, part) => bothSettled(known, settlementOf(part, uniqueIds, how)), 'start');
	switch (expression.type) {
		case 'and':
		case 'or':
			return all(expression.operands, 'existence');
		case 'union':
			return all(expression.operands, asked);
		case 'call': {
			const { name, args, definition } = expression;
			if (name === 'id') return idCall(expression, uniqueIds);
			if (WIDE.has(name) || args.length <= definition.hereUpTo) return 'end';
			return all(args, EXISTENCE.has(name) ? 'existence' : 'value');
		}
		case 'filter':
			return filtered(expression.of, expression.predicates, uniqueIds, asked);
		case 'path':
			return pathSettlement(expression, uniqueIds, asked);
		default:
			return all(partsOf(expression), 'value');
	}
}

function idCall(expression: Expression, uniqueIds: boolean): Settlement {
	const [first] = partsOf(expression);
	if (first?.type !== 'string' || !uniqueIds) return 'end';
	return { ids: first.value.split(/[ \t\r\n]+/).filter((id) => id !== '') };
}

function filtered(of: Expression, predicates: readonly Expression[], uniqueIds: boolean, asked: Asked): Settlement {
	const whole = settlementOf(of, uniqueIds, asked);
	if (whole === 'body' || whole === 'end') return 'end';
	return predicates.every(isWithin) ? whole : 'end';
}

function pathSettlement(path: PathExpression, uniqueIds: boolean, asked: Asked): Settlement {
	if (path.from === 'here') return 'end';
	const steps = simplify(path.steps);
	if (path.from === 'root') return fromRoot(steps, uniqueIds, asked);
	const within = steps.every(goesDown);
	if (path.from.type === 'call' && path.from.name === 'document') {
		return within ? settlementOf(path.from, uniqueIds, 'value') : 'end';
	}
	const start = settlementOf(path.from, uniqueIds, 'value');
	return within && start !== 'end' ? start : 'end';
}

function fromRoot(steps: readonly Step[], uniqueIds: boolean, asked: Asked): Settlement {
	const byId = uniqueIds ? beneathId(steps) : null;
	if (byId !== null) return byId;
	const [first, ...others] = steps;
	const name = nameOf(first);
	if (first === undefined || (first.axis !== 'child' && first.axis !== 'descendant')) return 'end';
	if (name === 'html' && first.predicates.every(asksAttributes)) return fromHtml(others, asked);
	/** `//head` and `//body`: the parser makes one of each, and in html. */
	return first.axis === 'descendant' ? fromHtml([{ ...first, axis: 'child' }, ...others], asked) : 'end';
}

function fromHtml([step, ...others]: readonly Step[], asked: Asked): Settlement {
	if (step === undefined) return asked === 'existence' ? 'head' : 'end';
	if (step.axis === 'attribute') return others.length === 0 && step.predicates.every(isWithin) ? 'head' : 'end';
	if (step.axis !== 'child') return 'end';
	if (nameOf(step) === 'head') return [step, ...others].every(goesDown) ? 'head' : 'end';
	if (nameOf(step) !== 'body' || !step.predicates.every(asksAttributes)) return 'end';
	const [attribute, more] = others;
	if (attribute === undefined) return asked === 'existence' ? 'body' : 'end';
	return attribute.axis === 'attribute' && more === undefined && attribute.predicates.every(isWithin) ? 'body' : 'end';
}

/** Steps that name one element by its id, and go on inside of it. */
function beneathId(steps: readonly Step[]): Settlement | null {
	const at = steps.findIndex((step) => idOf(step) !== null);
	const step = steps[at];
	const id = step === undefined ? null : idOf(step);
	if (step === undefined || id === null || !steps.slice(at + 1).every(goesDown)) return null;
	const above = steps.slice(0, at);
	const known = above.every((one) => isDownward(one) && one.predicates.every(asksAttributes));
	const plain = isDownward(step) && step.predicates.every((one) => isPlain(one) && isWithin(one));
	return known && plain ? { ids: [id] } : null;
}

function idOf(step: Step): string | null {
	for (const one of step.predicates.flatMap(conjuncts)) {
		const equals = attributeEquals(one);
		if (equals?.name === 'id' && equals.value !== '') return equals.value;
	}
	return null;
}

const nameOf = (step: Step | undefined): string | null => (step?.test.type === 'name' ? step.test.name : null);

const DOWNWARD = new Set<Step['axis']>(['child', 'descendant', 'descendant-or-self', 'self', 'attribute']);

const isDownward = (step: Step): boolean => DOWNWARD.has(step.axis);

/** Stays inside the nodes it starts from, and asks nothing outside of them. */
const goesDown = (step: Step): boolean => isDownward(step) && step.predicates.every(isWithin);

/** What it asks is inside the node at hand; and where among the others that is. */
function isWithin(expression: Expression): boolean {
	if (expression.type === 'path') {
		const { from, steps } = expression;
		return from !== 'root' && (from === 'here' || isWithin(from)) && steps.every(goesDown);
	}
	if (expression.type === 'call') {
		if (ELSEWHERE.has(expression.name)) return false;
	}
	return partsOf(expression).every(isWithin);
}

/** Asks for no more than the start tag at hand shows. */
const asksAttributes = (predicate: Expression): boolean => isPlain(predicate) && onlyAttributes(predicate);

function onlyAttributes(expression: Expression): boolean {
	if (expression.type === 'path') return attributeName(expression) !== null;
	if (expression.type === 'filter') return false;
	if (expression.type === 'call') {
		const { name, args, definition } = expression;
		const named = name === 'name' || name === 'local-name';
		if (definition.variable || ELSEWHERE.has(name) || (args.length <= definition.hereUpTo && !named)) return false;
	}
	return partsOf(expression).every(onlyAttributes);
}
