/** For browsers: what is wrong with the theme, over the page that still has the last good one. Closes when it is mended. */
export const BROKEN_OVERLAY: string = String.raw`
let overlay = null;
let pill = null;

const frameLines = (frame) =>
	make('pre', { class: 'frame', tabindex: '0', 'aria-label': 'Where it is' }, frame.split('\n').map((line) => {
		const [, mark, number, bar, code] = /^([ >]) ([ \d]+)( \|)(.*)$/.exec(line) ?? [];
		const carets = /^[> ]*\|?[ ]*\^+$/.test(line);
		if (number === undefined || carets) return make('span', { class: 'carets' }, line + '\n');
		return make('span', { class: mark === '>' ? 'line marked' : 'line' },
			make('span', { class: 'number' }, mark + ' ' + number + bar), code + '\n');
	}));

const faultCard = (fault) =>
	make('li', { class: 'fault ' + fault.severity },
		make('p', { class: 'where' },
			make('span', { class: 'badge' }, fault.severity),
			fault.where === null ? null : make('code', {}, fault.where),
			fault.code === null ? null : make('span', { class: 'code' }, fault.code)),
		make('p', { class: 'message' }, fault.message),
		fault.frame === null ? null : frameLines(fault.frame),
		fault.hint === null ? null : make('p', { class: 'hint' }, fault.hint));

const counted = (count, word) => count + ' ' + word + (count === 1 ? '' : 's');

const showBroken = (faults) => {
	ensureHost();
	const wasClosed = pill !== null && overlay === null;
	hideBroken();
	const errors = faults.filter((fault) => fault.severity === 'error').length;
	const close = () => {
		overlay?.remove();
		overlay = null;
		pill.hidden = false;
		pill.focus();
	};
	const open = () => {
		pill.hidden = true;
		overlay = make('div', { class: 'backdrop', onkeydown: (event) => (event.key === 'Escape' ? close() : undefined) },
			make('section', { class: 'broken', role: 'alertdialog', 'aria-labelledby': 'title', 'aria-describedby': 'note' },
				make('header', {},
					make('h1', { id: 'title' }, 'The theme is broken'),
					make('button', { class: 'close', type: 'button', title: 'Close (Esc)', 'aria-label': 'Close', onclick: close }, '✕')),
				make('p', { id: 'note', class: 'note' },
					counted(errors, 'error') + ' in the last edit. Pages still have the theme from before it; this goes away when it is mended.'),
				make('ol', { class: 'faults' }, faults.map(faultCard))));
		root.append(overlay);
		overlay.querySelector('.close').focus({ preventScroll: true });
	};
	pill = make('button', { class: 'pill', type: 'button', hidden: true, onclick: open },
		make('span', { class: 'dot' }), 'Theme broken: ' + counted(errors, 'error'));
	root.append(pill);
	if (wasClosed) pill.hidden = false;
	else open();
};

const hideBroken = () => {
	overlay?.remove();
	pill?.remove();
	overlay = pill = null;
};
`;
