/** Random small pages and selectors that have something to find in them. */
import * as fc from 'fast-check';

const names = fc.constantFrom('a', 'b', 'i', 'p', 'div', 'ul', 'li');
const words = fc.constantFrom('x', 'y', 'z', 'x-y');
const ids = fc.constantFrom('k', 'm');

const attributes = fc
	.tuple(fc.subarray(['x', 'y', 'z', 'x-y']), fc.option(ids), fc.option(words))
	.map(([classes, id, title]) => {
		const written = [classes.length === 0 ? '' : ` class="${classes.join(' ')}"`];
		return `${written.join('')}${id === null ? '' : ` id=${id}`}${title === null ? '' : ` title="${title} q"`}`;
	});

const leaf = fc.constantFrom('t', '<!--c-->', '');

function markup(depth: number): fc.Arbitrary<string> {
	if (depth === 0) return leaf;
	const element = fc.tuple(names, attributes, markup(depth - 1)).map(([name, attributes, inner]) => {
		return `<${name}${attributes}>${inner}</${name}>`;
	});
	const part = fc.oneof({ weight: 4, arbitrary: element }, { weight: 1, arbitrary: leaf });
	return fc.array(part, { maxLength: 4 }).map((parts) => parts.join(''));
}

export const page: fc.Arbitrary<string> = fc
	.tuple(markup(3), markup(2))
	.map(([one, two]) => `<!doctype html><html><head><title>t</title></head><body class="x">${one}${two}</body></html>`);

const steps = fc.constantFrom('1', '2', 'odd', 'even', '2n+2', '-n+2', 'n', '3n-1', '0', '-2n+5');

const tests = (list: fc.Arbitrary<string>): fc.Arbitrary<string> =>
	fc.oneof(
		words.map((word) => `.${word}`),
		ids.map((id) => `#${id}`),
		fc
			.tuple(fc.constantFrom('class', 'title', 'id'), fc.constantFrom('=', '~=', '|=', '^=', '$=', '*=', '!='), words)
			.map(([name, operator, value]) => `[${name}${operator}"${value}"]`),
		fc.constantFrom('[title]', '[title="X Q" i]', '[class$="Y" i]', ':contains(t)', ':contains("\'")'),
		fc.constantFrom(':first-child', ':last-child', ':only-child', ':empty', ':root'),
		fc.tuple(fc.constantFrom('nth-child', 'nth-last-child'), steps).map(([name, step]) => `:${name}(${step})`),
		fc.tuple(steps, words).map(([step, word]) => `:nth-child(${step} of .${word}, p)`),
		fc.tuple(fc.constantFrom('not', 'is', 'where'), list).map(([name, inner]) => `:${name}(${inner})`),
		fc.tuple(fc.constantFrom('', '> ', '+ ', '~ '), list).map(([combinator, inner]) => `:has(${combinator}${inner})`),
	);

const typed = fc.constantFrom(
	':first-of-type',
	':last-of-type',
	':only-of-type',
	':nth-of-type(2)',
	':nth-last-of-type(2n)',
);

/** Selectors inside of selectors, so deep. */
function branch(depth: number): fc.Arbitrary<string> {
	const inner = depth === 0 ? names : branch(depth - 1);
	const compound = fc.oneof(
		names,
		fc.constant('*'),
		fc.tuple(names, typed).map((parts) => parts.join('')),
		fc.tuple(fc.option(names, { nil: '' }), tests(inner)).map((parts) => parts.join('')),
		fc.tuple(names, tests(inner), tests(inner)).map((parts) => parts.join('')),
	);
	const combinator = fc.constantFrom(' ', ' > ', ' + ', ' ~ ');
	return fc
		.tuple(compound, fc.array(fc.tuple(combinator, compound), { maxLength: 3 }))
		.map(([first, rest]) => first + rest.flat().join(''));
}

export const selector: fc.Arbitrary<string> = fc
	.array(branch(2), { minLength: 1, maxLength: 2 })
	.map((branches) => branches.join(', '));
