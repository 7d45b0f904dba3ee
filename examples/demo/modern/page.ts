/**
 * The page of the boat booking. `base` is where the app is mounted, so that its links hold wherever that is. It brings
 * its own components and leaves the frame around them to the theme; without one it is plain, and works.
 */

export function bookingPage(base: string): string {
	return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Book a boat - Lantern Bay Sailing Club</title>
<style>
	.boats { list-style: none; padding: 0; margin: 1.75rem 0; display: grid; gap: .9rem; }
	.boats li { display: flex; flex-wrap: wrap; gap: .5rem 1.25rem; justify-content: space-between; align-items: center; min-height: 5.25rem;
		padding: .9rem 1.35rem; border: 1px solid var(--line, #ccc); border-radius: .9rem; background: var(--raised, #fff); }
	.boats b { display: block; font: 600 1.25rem/1.3 var(--serif, serif); }
	.boats span { color: var(--soft, #555); font-size: .925rem; }
</style>
</head>
<body>
<main>
<h1>Book a boat</h1>
<p>This Saturday, first come, first served.</p>
<ul class="boats" id="boats" aria-live="polite"></ul>
<p class="fine">This page and its <a href="${base}/api/boats">API</a> are another program than the rest of the site. The address is the
same, and so is the theme: one Turnabout stands before both. See <a href="${base}/api/context">what the app knows of your request</a>.</p>
<script type="module">
	const list = document.querySelector('#boats');
	const make = (name, text) => Object.assign(document.createElement(name), { textContent: text });
	const book = async (boat) => {
		const body = JSON.stringify({ boat: boat.id, name: 'you' });
		await fetch('${base}/api/bookings', { method: 'POST', headers: { 'content-type': 'application/json' }, body });
		await show();
	};
	const row = (boat) => {
		const item = make('li', '');
		const about = make('div', '');
		about.append(make('b', boat.name), make('span', \`\${boat.seats} seats\`));
		const button = make('button', 'Book');
		button.ariaLabel = \`Book \${boat.name}\`;
		button.onclick = () => { button.disabled = true; void book(boat); };
		item.append(about, boat.bookedBy === null ? button : make('span', \`Booked by \${boat.bookedBy}\`));
		return item;
	};
	const show = async () => list.replaceChildren(...(await (await fetch('${base}/api/boats')).json()).map(row));
	await show();
</script>
</main>
</body>
</html>
`;
}

/** The answer to every other path. */
export function missingPage(base: string): string {
	return `<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><title>No such page - Lantern Bay Sailing Club</title></head>
<body><main><h1>No such page</h1><p>There is no such page here. Were you looking for <a href="${base}/">the boats</a>?</p></main></body>
</html>
`;
}
