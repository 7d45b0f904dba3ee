/** The page of the boat booking. `base` is where the app is mounted, so that its links hold wherever that is. */

export function bookingPage(base: string): string {
	return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>Book a boat - Lantern Bay</title>
<base href="${base}/">
<style>
	body { font: 1rem/1.5 system-ui, sans-serif; max-width: 40rem; margin: 2rem auto; padding: 0 1rem; color: #123; }
	ul { list-style: none; padding: 0; display: grid; gap: .75rem; }
	li { display: flex; justify-content: space-between; align-items: center; padding: .75rem 1rem; border: 1px solid #cde; border-radius: .75rem; }
	button { font: inherit; border: 0; border-radius: .5rem; padding: .4rem .9rem; background: #036; color: #fff; cursor: pointer; }
	small { color: #567; }
</style>
<h1>Book a boat</h1>
<p>This Saturday, first come, first served. <a href="/">Back to the old site</a></p>
<ul id="boats"></ul>
<p><small>This page and its <a href="api/boats">API</a> are another program than the rest of the site. The address is the same:
one Turnabout stands before both. See <a href="api/context">what the app knows of your request</a>.</small></p>
<script type="module">
	const list = document.querySelector('#boats');
	const row = (boat) => {
		const item = document.createElement('li');
		const name = document.createElement('span');
		name.textContent = \`\${boat.name}, \${boat.seats} seats\`;
		const button = document.createElement('button');
		button.textContent = 'Book';
		button.onclick = async () => {
			const body = JSON.stringify({ boat: boat.id, name: 'you' });
			await fetch('api/bookings', { method: 'POST', headers: { 'content-type': 'application/json' }, body });
			await show();
		};
		item.append(name, boat.bookedBy === null ? button : \`booked by \${boat.bookedBy}\`);
		return item;
	};
	const show = async () => list.replaceChildren(...(await (await fetch('api/boats')).json()).map(row));
	await show();
</script>
</html>
`;
}
