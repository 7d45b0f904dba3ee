/** For browsers: the panel of `?theme=debug`, with all rules and what became of them on this page. */
export const DEBUG_PANEL: string = String.raw`
const STATUS = {
	applied: ['Applied', 'It did what it says.'],
	'no-content': ['No content', 'It matches nothing in the content.'],
	'no-theme-node': ['No place', 'It matches nothing in this theme.'],
	condition: ['Condition', 'Its condition does not hold.'],
	shadowed: ['Shadowed', 'Another rule was there first.'],
	unreachable: ['Unreachable', 'It is about a part of the theme that is always taken away.'],
	'no-theme': ['No theme', 'No theme applies to this page.'],
};

const milliseconds = (time) => (time === null ? '' : time < 0.095 ? Math.round(time * 1000) + ' µs' : time.toFixed(time < 10 ? 2 : 0) + ' ms');
const characters = (count) => (count < 10000 ? count + ' chars' : Math.round(count / 1000) + 'k chars');

const selectors = (rule) => make('span', { class: 'selectors' },
	rule.theme === null ? null : make('code', { class: 'theme-side', title: 'In the theme' }, rule.theme),
	rule.content === null ? null : [rule.theme === null ? null : make('i', {}, '←'), make('code', { class: 'content-side', title: 'In the content' }, rule.content)],
	rule.also === '' ? null : make('em', {}, rule.also));

const testList = (tests) => tests.length === 0 ? null : make('ul', { class: 'tests' }, tests.map(({ test, holds }) =>
	make('li', { class: holds ? 'holds' : 'fails' }, make('span', { 'aria-label': holds ? 'holds' : 'does not hold' }, holds ? '✓' : '✗'), ' ', make('code', {}, test))));

const startDebugging = (report) => {
	ensureHost();
	const rows = new Map();
	const regions = drawRegions(report.rules, (rule) => { toggle(true); select(rule); });

	const measures = (rule) => {
		const parts = [];
		if (rule.themeNodes !== null) parts.push(rule.themeNodes + ' in theme');
		if (rule.contentNodes !== null) parts.push(rule.contentNodes + ' in content');
		const nodes = parts.join(' × ');
		const more = [rule.wrote && rule.status === 'applied' ? characters(rule.wrote) : null, rule.time ? milliseconds(rule.time) : null];
		return [nodes, ...more].filter((part) => part !== null && part !== '').join(' · ');
	};

	const row = (rule) => {
		const [word, meaning] = STATUS[rule.status];
		const item = make('li', { class: 'rule ' + rule.status, style: null },
			make('button', { type: 'button', class: 'go', title: regions.count(rule) > 0 ? 'Show it in the page' : null, onclick: () => select(rule) },
				make('span', { class: 'number' }, rule.number + 1),
				make('span', { class: 'body' },
					make('span', { class: 'head' }, make('b', {}, rule.name), make('span', { class: 'status', title: meaning }, word)),
					selectors(rule),
					rule.why === '' ? null : make('span', { class: 'why' }, rule.why),
					make('span', { class: 'facts' }, make('span', {}, measures(rule)), placeName(rule.where)))),
			rule.status === 'condition' || rule.tests.length > 0 ? testList(rule.tests) : null);
		item.style.setProperty('--hue', hueOf(rule.number));
		rows.set(rule, item);
		return item;
	};

	const select = (rule) => {
		for (const item of rows.values()) item.classList.remove('selected');
		const item = rows.get(rule);
		if (item.hidden) filter(null);
		item.classList.add('selected');
		item.scrollIntoView({ block: 'nearest' });
		regions.go(rule);
	};

	const counts = new Map();
	for (const { status } of report.rules) counts.set(status, (counts.get(status) ?? 0) + 1);
	const chips = new Map();
	const filter = (status) => {
		for (const [rule, item] of rows) item.hidden = status !== null && rule.status !== status;
		for (const [one, chip] of chips) chip.setAttribute('aria-pressed', String(one === status));
	};
	const chip = (status, word, count) => {
		const button = make('button', { type: 'button', class: 'chip ' + (status ?? 'all'), 'aria-pressed': String(status === null),
			title: status === null ? null : STATUS[status][1], onclick: () => filter(status) }, word + ' ', make('b', {}, count));
		chips.set(status, button);
		return button;
	};

	const link = (word, value) => {
		const url = new URL(location.href);
		url.searchParams.delete('theme');
		if (value !== null) url.searchParams.set('theme', value);
		return make('a', { href: url.href, 'aria-current': value === 'debug' ? 'page' : null }, word);
	};

	const figure = (value, word) => make('div', { class: 'figure' }, make('b', {}, value), make('span', {}, word));
	const choice = ({ kind, name, where, tests, chosen }) => make('li', { class: chosen ? 'chosen' : 'passed' },
		make('p', {}, make('span', { class: 'mark' }, chosen ? '✓' : '✗'), make('b', {}, kind === 'theme' ? fileName(name) : 'notheme'),
			where === null ? null : placeName(where)),
		tests.length > 0 ? testList(tests) : make('p', { class: 'why' }, 'Has no condition.'));
	const stop = ({ what, where, waits, advice }) => make('li', {},
		make('p', {}, make('code', {}, what), ' waits for ', make('b', {}, waits)),
		make('p', {}, placeName(where)),
		advice === null ? null : make('p', { class: 'hint' }, advice));

	const outlines = make('input', { type: 'checkbox', checked: true, onchange: () => regions.show(outlines.checked) });
	const section = (title, open, ...content) => make('details', { open }, make('summary', {}, title), content);
	const panel = make('section', { class: 'panel', 'aria-label': 'Theme of this page' },
		make('header', {},
			make('div', { class: 'title' }, make('h1', { title: report.theme }, fileName(report.theme) ?? 'No theme'), make('p', {}, report.path)),
			make('button', { type: 'button', class: 'dock', title: 'To the other side', 'aria-label': 'Move to the other side', onclick: () => dock(!panel.classList.contains('left')) }, '⇄'),
			make('button', { type: 'button', class: 'close', title: 'Fold', 'aria-label': 'Fold the panel', onclick: () => toggle(false) }, '–')),
		make('nav', { 'aria-label': 'Views' }, link('Page', null), link('Theme only', 'only'), link('Content', 'off'), link('Debug', 'debug'),
			make('label', {}, outlines, 'Outlines')),
		make('div', { class: 'scroll', tabindex: '-1' },
			make('div', { class: 'figures' },
				figure(milliseconds(report.parse), 'to read the content'),
				figure(milliseconds(report.walk), 'to write the page'),
				figure(characters(report.content), 'came in'),
				figure(characters(report.page), 'went out')),
			report.warnings.length === 0 ? null : section('Warnings (' + report.warnings.length + ')', false, make('ul', { class: 'warnings' }, report.warnings.map((text) => make('li', {}, text)))),
			section(report.theme === null ? 'Why there is no theme' : 'Why this theme', false, make('ol', { class: 'choices' }, report.choices.length === 0 ? make('li', {}, 'The rules name no theme.') : report.choices.map(choice))),
			section(report.streams && report.stops.length === 0 ? 'Streams without a stop' : 'What blocks streaming (' + (report.streams ? report.stops.length : 'XHTML') + ')', false,
				report.streams ? make('ol', { class: 'stops' }, report.stops.map(stop)) : make('p', { class: 'why' }, 'In XHTML mode, nothing leaves before the content is complete.')),
			make('div', { class: 'chips', role: 'group', 'aria-label': 'Which rules' }, chip(null, 'All', report.rules.length),
				Object.keys(STATUS).filter((status) => counts.has(status)).map((status) => chip(status, STATUS[status][0], counts.get(status)))),
			make('ol', { class: 'rules' }, report.rules.map(row))));
	const applied = counts.get('applied') ?? 0;
	const tab = make('button', { type: 'button', class: 'pill debug', onclick: () => toggle(true) },
		make('span', { class: 'dot' }), (fileName(report.theme) ?? 'No theme') + ': ' + applied + ' of ' + report.rules.length + ' rules applied');
	const toggle = (open) => {
		remember('panel', open);
		panel.hidden = !open;
		tab.hidden = open;
	};
	const dock = (left) => {
		remember('left', left);
		panel.classList.toggle('left', left);
	};
	panel.addEventListener('keydown', (event) => {
		if (event.key === 'Escape') { toggle(false); tab.focus(); }
	});
	dock(remembered('left') ?? false);
	toggle(remembered('panel') ?? innerWidth > 700);
	root.append(panel, tab);
};
`;
