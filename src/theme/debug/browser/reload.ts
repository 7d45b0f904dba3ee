/**
 * For browsers: listens for changes, and reloads where the theme is another than the page was made by. A page that is not
 * looked at does not listen, since browsers keep few connections to a host; it catches up when it is looked at again.
 */
export const RELOAD: string = String.raw`
const MOST_RELOADS = 6;
const startReloading = () => {
	let events = null;
	let retry = 0;

	const restoreScroll = () => {
		const kept = remembered('scroll');
		remember('scroll', null);
		if (kept !== null && kept.url === location.href) scrollTo({ left: kept.x, top: kept.y, behavior: 'instant' });
	};

	// Processes that do not agree about the theme would make a page reload for ever.
	const mayReload = (revision) => {
		const now = Date.now();
		const before = (remembered('reloads') ?? []).filter((one) => one.at > now - 10000);
		const again = before.filter((one) => one.revision === revision);
		remember('reloads', [...before, { at: now, revision }]);
		return MOST_RELOADS > again.length;
	};

	const reload = (revision) => {
		if (!mayReload(revision)) {
			console.warn('Turnabout: this page has been reloaded several times for the same theme; no more for now.');
			return;
		}
		close();
		remember('scroll', { url: location.href, x: scrollX, y: scrollY });
		location.reload();
	};

	const told = (message, broken) => {
		retry = 0;
		const state = JSON.parse(message.data);
		if (broken) showBroken(state.faults);
		else hideBroken();
		if (state.revision !== data.revision) reload(state.revision);
	};

	const close = () => {
		clearTimeout(retry);
		events?.close();
		events = null;
	};

	const open = () => {
		if (events !== null || document.visibilityState === 'hidden') return;
		events = new EventSource(data.events);
		events.addEventListener('changed', (message) => told(message, false));
		events.addEventListener('broken', (message) => told(message, true));
		// Browsers try again by themselves when a connection ends, but not after another answer: a gateway's 502, say.
		events.addEventListener('error', () => {
			if (events === null || events.readyState !== EventSource.CLOSED) return;
			close();
			retry = setTimeout(open, 3000);
		});
	};

	document.addEventListener('visibilitychange', () => (document.visibilityState === 'hidden' ? close() : open()));
	addEventListener('pagehide', close);
	addEventListener('pageshow', open);
	if (document.readyState === 'complete') restoreScroll();
	else addEventListener('load', restoreScroll, { once: true });
	open();
};
`;
