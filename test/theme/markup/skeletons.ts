/** Themes with a hole each (`@`), and what has to be found of them again once something was put there. */
import { type DefaultTreeAdapterTypes, parse } from 'parse5';

export interface Skeleton {
	/** The elements around the hole, outermost first. */
	readonly around: string;
	readonly html: string;
}

const inBody = (around: string, html: string): Skeleton => ({
	around: `html body ${around}`,
	html: `<!doctype html><html data-w=1><head data-w=2></head><body data-w=3>${html}<footer data-w=90></footer></body></html>`,
});

export const SKELETONS: readonly Skeleton[] = [
	inBody('div', '<div data-w=4>@<u-z data-w=5></u-z></div>'),
	inBody('main section div', '<main data-w=4><section data-w=5><div data-w=6>@</div><p data-w=7></p></section></main>'),
	inBody('', '@<div data-w=4></div>'),
	inBody('p', '<p data-w=4>@<u-z data-w=5></u-z></p>'),
	inBody('div p span', '<div data-w=4><p data-w=5><span data-w=6>@</span><b data-w=7>x</b></p></div>'),
	inBody('ul li', '<ul data-w=4><li data-w=5>@<u-z data-w=6></u-z></li><li data-w=7></li></ul>'),
	inBody('ul', '<ul data-w=4>@<li data-w=7></li></ul>'),
	inBody('dl dd', '<dl data-w=4><dd data-w=5>@<u-z data-w=6></u-z></dd><dt data-w=7></dt></dl>'),
	inBody(
		'table tbody tr td',
		'<table data-w=4><tbody data-w=5><tr data-w=6><td data-w=7>@<u-z data-w=8></u-z></td><td data-w=9></td></tr></tbody></table>',
	),
	inBody('table tbody tr', '<table data-w=4><tbody data-w=5><tr data-w=6>@<td data-w=7></td></tr></tbody></table>'),
	inBody('table tbody', '<table data-w=4><tbody data-w=5>@<tr data-w=6></tr></tbody></table>'),
	inBody('table', '<table data-w=4>@<tbody data-w=6></tbody></table>'),
	inBody('table caption', '<table data-w=4><caption data-w=5>@<u-z data-w=6></u-z></caption><tr data-w=7></table>'),
	inBody('table colgroup', '<table data-w=4><colgroup data-w=5>@<col data-w=6></colgroup></table>'),
	inBody('a', '<a data-w=4>@<u-z data-w=5></u-z></a>'),
	inBody('a div', '<a data-w=4><div data-w=5>@<u-z data-w=6></u-z></div></a>'),
	inBody('b div i', '<b data-w=4><div data-w=5><i data-w=6>@</i>x<u-z data-w=7></u-z></div></b>'),
	inBody('form', '<form data-w=4>@<input data-w=5></form>'),
	inBody('form div', '<form data-w=4><div data-w=5>@<input data-w=6></div></form>'),
	inBody('button', '<button data-w=4>@<u-z data-w=5></u-z></button>'),
	inBody('h1', '<h1 data-w=4>@<u-z data-w=5></u-z></h1>'),
	inBody('h1 span', '<h1 data-w=4><span data-w=5>@<u-z data-w=6></u-z></span></h1>'),
	inBody('nobr', '<nobr data-w=4>@<u-z data-w=5></u-z></nobr>'),
	inBody('select', '<select data-w=4>@<option data-w=5></option></select>'),
	inBody('select option', '<select data-w=4><option data-w=5>@</option><option data-w=6></option></select>'),
	inBody('ruby', '<ruby data-w=4>@<rt data-w=5></rt></ruby>'),
	inBody('ruby rt', '<ruby data-w=4><rt data-w=5>@</rt><rp data-w=6></rp></ruby>'),
	inBody('object', '<object data-w=4>@<u-z data-w=5></u-z></object>'),
	inBody('template', '<template data-w=4>@<u-z data-w=5></u-z></template>'),
	inBody('svg', '<svg data-w=4>@<path data-w=5 /></svg>'),
	inBody('svg foreignobject', '<svg data-w=4><foreignObject data-w=5>@<p data-w=6></p></foreignObject></svg>'),
	inBody('math mi', '<math data-w=4><mi data-w=5>@<u-z data-w=6></u-z></mi></math>'),
	inBody('textarea', '<div data-w=4><textarea data-w=5>@</textarea><u-z data-w=6></u-z></div>'),
	inBody('script', '<div data-w=4><script data-w=5>@</script><u-z data-w=6></u-z></div>'),
	inBody('noscript', '<div data-w=4><noscript data-w=5>@</noscript><u-z data-w=6></u-z></div>'),
	inBody('details summary', '<details data-w=4><summary data-w=5>@</summary><p data-w=6></p></details>'),
	inBody('label', '<label data-w=4>@<input data-w=5></label>'),
	{
		around: 'html head',
		html: '<!doctype html><html data-w=1><head data-w=2>@<meta data-w=4></head><body data-w=3><p data-w=5></p></body></html>',
	},
	{
		around: 'html head title',
		html: '<!doctype html><html data-w=1><head data-w=2><title data-w=4>@</title></head><body data-w=3></body></html>',
	},
];

/** Each element of the skeleton with all that is around it, in document order. */
export function bones(html: string, scriptingEnabled: boolean): string {
	const found: string[] = [];
	const visit = (node: DefaultTreeAdapterTypes.Node, path: string): void => {
		let inner = path;
		if ('attrs' in node) {
			const mark = node.attrs.find((attribute) => attribute.name === 'data-w')?.value ?? '';
			inner = `${path}/${node.tagName}${mark}`;
			if (mark !== '') found.push(inner);
		}
		if ('content' in node) visit(node.content, inner);
		if ('childNodes' in node) for (const child of node.childNodes) visit(child, inner);
	};
	visit(parse(html, { scriptingEnabled }), '');
	return found.join('\n');
}
