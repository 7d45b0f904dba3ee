/** Through the demo as people click through it: the old pages in their theme, and the modern app among them. */
import assert from 'node:assert/strict';
import { after, before, type TestContext, test } from 'node:test';
import type { Browser, Page } from 'playwright-core';
import { DemoProcess } from '../demo/demo-process.ts';
import { launch, openPage, skip, type WatchedPage } from './chromium.ts';

const limit = { timeout: 60_000, skip };
let demo: DemoProcess;
let browser: Browser;

before(async () => {
	if (skip !== false) return;
	[demo, browser] = await Promise.all([DemoProcess.start(0), launch()]);
});

after(async () => {
	await browser?.close();
	await demo?.stop('SIGKILL');
});

/** A new visitor, who must not have met an error when the test is over. */
async function visitor(t: TestContext, width?: number): Promise<WatchedPage> {
	const watched = await openPage(browser, width);
	t.after(async () => {
		await watched.context.close();
		assert.deepEqual(watched.errors, []);
	});
	return watched;
}

const heading = (page: Page): Promise<string> => page.locator('main h1').innerText();

test('the menu leads through the whole site, and every page is in the theme', limit, async (t) => {
	const { page } = await visitor(t);
	await page.goto(`${demo.url}/`);
	assert.equal(await heading(page), 'Welcome aboard!');
	const seen: string[] = [];
	for (const name of await page.locator('#nav a').allInnerTexts()) {
		await page.locator('#nav').getByRole('link', { name, exact: true }).click();
		seen.push(await heading(page));
		assert.equal(await page.locator('.brand strong').innerText(), 'Lantern Bay');
		assert.equal(await page.locator('main font, main center').count(), 0);
		if (name !== 'Members only') assert.equal(await page.locator('#nav a[aria-current]').innerText(), name);
	}
	assert.deepEqual(seen, [
		'Welcome aboard!',
		'News from the bay',
		'Contact us',
		'Members only',
		'Guestbook',
		'Visitor counter',
		'Book a boat',
	]);
});

test('the old site is older without its theme', limit, async (t) => {
	const { page } = await visitor(t);
	await page.goto(`${demo.url}/news/`);
	const question = 'getComputedStyle(document.querySelector("h1")).fontSize';
	const size = async (): Promise<number> => Number.parseFloat(String(await page.evaluate(question)));
	const themed = await size();
	await page.goto(`${demo.url}/news/?theme=off`);
	assert.equal(await page.locator('#frame').count(), 1);
	assert.ok(themed > (await size()));
});

test('?theme=debug opens the report beside the page', limit, async (t) => {
	const { page } = await visitor(t);
	await page.goto(`${demo.url}/news/`);
	await page.waitForLoadState();
	assert.equal(await page.locator('turnabout-theme').count(), 0);
	await page.goto(`${demo.url}/news/?theme=debug`);
	await page.locator('turnabout-theme').waitFor({ state: 'attached' });
	assert.equal(await heading(page), 'News from the bay');
});

test('the contact form is found by its labels, says what is missing, and thanks', limit, async (t) => {
	const { page } = await visitor(t);
	await page.goto(`${demo.url}/contact.html`);
	await page.getByLabel('Your name').fill('René');
	await page.getByRole('button', { name: 'Send it off' }).click();
	assert.equal(await page.getByRole('alert').innerText(), 'Please fill in both fields.');
	assert.equal(await page.getByLabel('Your name').inputValue(), 'René');
	await page.getByLabel('Message').fill('Is the slipway open?');
	await page.getByRole('button', { name: 'Send it off' }).click();
	assert.equal(await heading(page), 'Thank you!');
	assert.match(await page.locator('main').innerText(), /Thank you, René\./);
	assert.ok(page.url().startsWith(demo.url));
});

test('a member logs in, is known in the modern app as well, and logs out', limit, async (t) => {
	const { page } = await visitor(t);
	await page.goto(`${demo.url}/members/`);
	await page.getByLabel('Name').fill('captain');
	await page.getByLabel('Password').fill('parrot');
	await page.getByRole('button', { name: 'Log in' }).click();
	assert.equal(await page.getByRole('alert').innerText(), 'Name and password do not fit.');
	await page.getByLabel('Name').fill('captain');
	await page.getByLabel('Password').fill('ahoy');
	await page.getByRole('button', { name: 'Log in' }).click();
	assert.equal(await heading(page), "Members' page");
	assert.match(await page.locator('.table').innerText(), /Gustav II\s+B 1\s+nobody knows/);
	await page.goto(`${demo.url}/new/`);
	assert.equal(await page.locator('#who').innerText(), 'Logged in: captain');
	await page.goto(`${demo.url}/`);
	await page.locator('#account').click();
	assert.equal(await page.locator('#who').innerText(), 'You are a guest');
	await page.locator('#account').click();
	assert.equal(await heading(page), 'Members only');
});

test('what is not there, and what the old site still links to at its old address', limit, async (t) => {
	const { page } = await visitor(t);
	await page.goto(`${demo.url}/`);
	await page.getByRole('link', { name: 'Site map' }).click();
	assert.equal(await heading(page), 'Error 404');
	await page.getByRole('link', { name: 'Back to the home page' }).click();
	await page.getByRole('link', { name: 'regatta2008.html' }).click();
	assert.equal(page.url(), `${demo.url}/news/regatta.html`);
	await page.goto(`${demo.url}/news/`);
	await page.getByRole('link', { name: 'the secretary' }).click();
	assert.equal(page.url(), `${demo.url}/contact.html`);
});

test('a boat is booked', limit, async (t) => {
	const { page } = await visitor(t);
	await page.goto(`${demo.url}/new/`);
	await page.getByRole('button', { name: 'Book Petrel' }).click();
	await page.getByText('Booked by you').waitFor();
	assert.equal(await page.getByRole('button', { name: 'Book Petrel' }).count(), 0);
});

test('two visitors read each other in the guestbook', limit, async (t) => {
	const [ada, bob] = await Promise.all([visitor(t), visitor(t)]);
	await Promise.all([ada.page, bob.page].map((page) => page.goto(`${demo.url}/guestbook.html`)));
	await bob.page.getByText('The guestbook is open').waitFor();
	await ada.page.getByText('The guestbook is open').waitFor();
	await ada.page.getByLabel('Name').fill('Ada');
	await ada.page.getByLabel('Message').fill('Ahoy, café!');
	await ada.page.getByRole('button', { name: 'Sign' }).click();
	await bob.page.getByText('Ahoy, café!').waitFor();
});

test('the visitor counter counts those who come and those who leave', limit, async (t) => {
	const [one, two] = await Promise.all([visitor(t), openPage(browser)]);
	await one.page.goto(`${demo.url}/visitors.html`);
	await one.page.getByText('0001').waitFor();
	await two.page.goto(`${demo.url}/visitors.html`);
	await one.page.getByText('0002').waitFor();
	await two.context.close();
	await one.page.getByText('0001').waitFor();
});

test('nothing is wider than a narrow window', limit, async (t) => {
	const { page, scrollsSideways } = await visitor(t, 320);
	for (const path of [
		'/',
		'/news/',
		'/news/regatta.html',
		'/contact.html',
		'/guestbook.html',
		'/login.html',
		'/new/',
	]) {
		await page.goto(demo.url + path);
		assert.equal(await scrollsSideways(), false, path);
	}
	await page.goto(`${demo.url}/?theme=off`);
	assert.equal(
		await scrollsSideways(),
		true,
		'the old site itself is too wide: the question can be answered both ways',
	);
});

test('by keyboard, the first stop leads past the menu', limit, async (t) => {
	const { page } = await visitor(t);
	await page.goto(`${demo.url}/`);
	await page.keyboard.press('Tab');
	assert.equal(await page.evaluate('document.activeElement.textContent'), 'Skip to the content');
	await page.keyboard.press('Enter');
	assert.equal(await page.evaluate('document.activeElement.id'), 'content');
});
