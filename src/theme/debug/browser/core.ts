/**
 * For browsers: the one element of ours, with a shadow root that the page's styles do not reach. It stands beside `body`,
 * so that nothing in there counts it. Page content never becomes markup: elements are made by name, texts are texts.
 */
export const CORE: string = String.raw`
const make = (name, properties, ...children) => {
	const element = document.createElement(name);
	for (const [key, value] of Object.entries(properties ?? {})) {
		if (value === null || value === undefined || value === false) continue;
		if (key.startsWith('on')) element.addEventListener(key.slice(2), value);
		else element.setAttribute(key, value === true ? '' : String(value));
	}
	element.append(...children.flat(9).filter((child) => child !== null && child !== undefined && child !== ''));
	return element;
};

// The name without its folder; the whole of it is in the title.
const fileName = (path) => (path === null ? null : path.replace(/^.*[\\/](?=.)/, ''));
const placeName = (where) => make('span', { class: 'where', title: where }, fileName(where));

const host = document.createElement('turnabout-theme');
host.style.cssText = 'all:initial!important;display:block!important;position:fixed!important;inset:0 auto auto 0!important;' +
	'width:0!important;height:0!important;z-index:2147483647!important';
const root = host.attachShadow({ mode: 'closed' });
const sheet = new CSSStyleSheet();
sheet.replaceSync(STYLE);
root.adoptedStyleSheets = [sheet];
const ensureHost = () => {
	if (!host.isConnected) document.documentElement.append(host);
};

const remembered = (key) => {
	try {
		return JSON.parse(sessionStorage.getItem('turnabout-theme:' + key));
	} catch {
		return null;
	}
};
const remember = (key, value) => {
	try {
		sessionStorage.setItem('turnabout-theme:' + key, JSON.stringify(value));
	} catch {
		// Without storage nothing is remembered.
	}
};
`;
