/** The browser of this machine: found by its usual names, never downloaded. Each test gets a profile of its own. */
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import process from 'node:process';
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core';

const NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable', 'chrome'];

/** CHROMIUM names another. Null when there is none. */
function findChromium(): string | null {
	const folders = [...(process.env['PATH'] ?? '').split(delimiter), '/usr/bin', '/usr/local/bin'];
	const paths = folders.flatMap((folder) => NAMES.map((name) => join(folder, name)));
	return [process.env['CHROMIUM'] ?? '', ...paths].find((path) => path !== '' && isProgram(path)) ?? null;
}

function isProgram(path: string): boolean {
	try {
		accessSync(path, constants.X_OK);
		return true;
	} catch {
		return false;
	}
}

const executable = findChromium();

/** Why there can be no tests, or false. */
export const skip: string | false = executable === null ? `there is no ${NAMES.slice(0, 3).join(', ')} here` : false;

export function launch(): Promise<Browser> {
	return chromium.launch({
		executablePath: executable ?? '',
		args: [
			// Root needs it, as in a container.
			'--no-sandbox',
			'--disable-gpu',
			'--disable-quic',
			'--no-first-run',
			'--disable-background-networking',
			'--disable-component-update',
			'--disable-sync',
		],
	});
}

/** A page that remembers what went wrong on it. */
export interface WatchedPage {
	readonly context: BrowserContext;
	readonly page: Page;
	/** Errors on the console and in scripts. That a page itself is a 404, or another error, is none. */
	readonly errors: readonly string[];
	/** Whether there is more to the right than the window shows. */
	scrollsSideways(): Promise<boolean>;
}

export async function openPage(browser: Browser, width = 1280): Promise<WatchedPage> {
	const context = await browser.newContext({ viewport: { width, height: 800 } });
	context.setDefaultTimeout(15_000);
	const page = await context.newPage();
	const errors: string[] = [];
	page.on('pageerror', (error) => errors.push(String(error)));
	page.on('console', (message) => {
		if (message.type() !== 'error' || message.location().url === page.url()) return;
		errors.push(`${message.text()} (${message.location().url})`);
	});
	// A string, since this program knows no DOM.
	const scrollsSideways = async (): Promise<boolean> =>
		(await page.evaluate('document.documentElement.scrollWidth > innerWidth')) === true;
	return { context, page, errors, scrollsSideways };
}
