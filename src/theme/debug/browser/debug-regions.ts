/**
 * For browsers: outlines around what rules brought in, drawn over the page from the marks that its comments are. Each has
 * a button with the rule's number and name; the page under the outlines stays usable.
 */
export const DEBUG_REGIONS: string = String.raw`
const HUES = [212, 32, 145, 285, 350, 178, 52, 255, 95, 320];
const hueOf = (number) => HUES[number % HUES.length];

const findRegions = (rules) => {
	const walker = document.createTreeWalker(document.documentElement, NodeFilter.SHOW_COMMENT);
	const regions = [];
	const open = [];
	for (let comment = walker.nextNode(); comment !== null; comment = walker.nextNode()) {
		const [, end, number] = /^(\/?)turnabout:rule (\d{1,6})$/.exec(comment.data) ?? [];
		const rule = rules[Number(number)];
		if (rule === undefined) continue;
		if (end === '') open.push({ rule, start: comment });
		else {
			const at = open.findLastIndex((one) => one.rule === rule);
			if (at === -1) continue;
			const [{ start }] = open.splice(at);
			const range = document.createRange();
			range.setStartAfter(start);
			range.setEndBefore(comment);
			regions.push({ rule, range, box: null, label: null });
		}
	}
	return regions;
};

const rectOf = (range) => {
	const rects = [...range.getClientRects()].filter(({ width, height }) => width > 0 && height > 0);
	if (rects.length === 0) return null;
	const left = Math.min(...rects.map((rect) => rect.left));
	const top = Math.min(...rects.map((rect) => rect.top));
	const right = Math.max(...rects.map((rect) => rect.right));
	const bottom = Math.max(...rects.map((rect) => rect.bottom));
	return { left, top, right, bottom };
};

const drawRegions = (rules, chosen) => {
	const regions = findRegions(rules);
	const layer = make('div', { class: 'regions' });
	const tip = make('div', { class: 'tip', role: 'tooltip', id: 'tip', hidden: true });
	let active = null;

	const activate = (region) => {
		if (active === region) return;
		active?.box.classList.remove('active');
		active = region;
		tip.hidden = region === null;
		if (region === null) return;
		region.box.classList.add('active');
		const { rule } = region;
		tip.style.setProperty('--hue', hueOf(rule.number));
		tip.replaceChildren(
			make('b', {}, rule.name),
			selectors(rule),
			placeName(rule.where));
		place();
	};

	const place = () => {
		const labels = [];
		for (const region of regions) {
			const rect = rectOf(region.range);
			region.rect = rect;
			region.box.hidden = region.label.hidden = rect === null;
			if (rect === null) continue;
			const { style } = region.box;
			const inset = region.depth * 3;
			style.left = rect.left + inset + 'px';
			style.top = rect.top + inset + 'px';
			style.width = Math.max(4, rect.right - rect.left - 2 * inset) + 'px';
			style.height = Math.max(4, rect.bottom - rect.top - 2 * inset) + 'px';
			labels.push(region);
		}
		const taken = [];
		for (const { label, rect } of labels) {
			const width = label.offsetWidth;
			const height = label.offsetHeight;
			// Above what it names, where there is room; beside the labels that are there already.
			let left = Math.max(0, rect.left);
			const top = rect.top >= height ? rect.top - height : rect.top;
			for (let hit = true; hit; ) {
				const other = taken.find((one) => Math.abs(one.top - top) < height && left < one.right + 2 && left + width > one.left);
				hit = other !== undefined && innerWidth > other.right + width;
				if (hit) left = other.right + 3;
			}
			taken.push({ left, top, right: left + width });
			label.style.left = left + 'px';
			label.style.top = top + 'px';
		}
		if (active === null || active.rect === null) return;
		// Above the name, else below the region, else in it: the page is in the way of nothing but its own tip.
		const above = active.rect.top - active.label.offsetHeight - tip.offsetHeight - 6;
		const below = active.rect.bottom + 6;
		const fits = innerHeight > below + tip.offsetHeight;
		const top = above >= 0 ? above : fits ? below : Math.max(8, active.rect.top + 8);
		tip.style.top = top + 'px';
		tip.style.left = Math.max(8, Math.min(active.rect.left, innerWidth - tip.offsetWidth - 8)) + 'px';
	};

	const inside = (outer, inner) =>
		outer !== inner &&
		outer.range.compareBoundaryPoints(Range.START_TO_START, inner.range) <= 0 &&
		outer.range.compareBoundaryPoints(Range.END_TO_END, inner.range) >= 0;

	for (const region of regions) {
		const { rule } = region;
		region.depth = regions.filter((other) => inside(other, region)).length;
		region.box = make('div', { class: 'region' });
		region.label = make('button', {
			type: 'button', class: 'label', 'aria-describedby': 'tip',
			'aria-label': 'Rule ' + (rule.number + 1) + ', ' + rule.name + ' ' + (rule.theme ?? ''),
			onfocus: () => { reveal(region); activate(region); },
			onblur: () => activate(null),
			onpointerenter: () => activate(region),
			onpointerleave: () => activate(null),
			onclick: () => chosen(rule),
		}, rule.number + 1 + ' ', make('span', {}, rule.name));
		for (const { style } of [region.box, region.label]) style.setProperty('--hue', hueOf(rule.number));
		layer.append(region.box, region.label);
	}
	layer.append(tip);

	const reveal = (region) => {
		const rect = rectOf(region.range);
		if (rect !== null && (rect.top < 0 || rect.top > innerHeight - 40)) scrollBy({ top: rect.top - 80, behavior: 'instant' });
		place();
	};

	let due = false;
	const later = () => {
		if (due) return;
		due = true;
		requestAnimationFrame(() => {
			due = false;
			if (!layer.hidden) place();
		});
	};
	addEventListener('scroll', later, { capture: true, passive: true });
	addEventListener('resize', later);
	addEventListener('load', later, { capture: true });
	const sizes = new ResizeObserver(later);
	for (const element of [document.documentElement, document.body]) if (element !== null) sizes.observe(element);
	document.addEventListener('pointermove', (event) => {
		if (layer.hidden || event.composedPath().includes(host)) return;
		const { clientX: x, clientY: y } = event;
		const under = regions.filter(({ rect }) => rect && rect.left <= x && x <= rect.right && rect.top <= y && y <= rect.bottom);
		const size = ({ rect }) => (rect.right - rect.left) * (rect.bottom - rect.top);
		activate(under.sort((a, b) => size(a) - size(b))[0] ?? null);
	}, { passive: true });

	root.append(layer);
	place();
	return {
		count: (rule) => regions.filter((region) => region.rule === rule).length,
		show: (shown) => {
			layer.hidden = !shown;
			if (shown) place();
			else activate(null);
		},
		/** Scrolls to what the rule brought in. */
		go: (rule) => {
			const region = regions.find((one) => one.rule === rule && rectOf(one.range) !== null);
			if (region === undefined) return;
			reveal(region);
			activate(region);
			region.box.classList.remove('flash');
			void region.box.offsetWidth;
			region.box.classList.add('flash');
		},
	};
};
`;
