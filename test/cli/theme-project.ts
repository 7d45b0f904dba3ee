/** A folder with a theme, its rules and a page. */
import type { TestContext } from 'node:test';
import { project } from './command-process.ts';

export const THEME =
	'<!DOCTYPE html>\n<html><head><title>Theme</title></head><body><div id="main">old</div><div id="side">side</div></body></html>\n';

export const PAGE =
	'<!DOCTYPE html><html><head><meta charset="utf-8"><title>Grüße</title></head><body><div id="content"><p>Hi</p></div></body></html>';

/** What the rules make of the page. */
export const THEMED =
	'<!DOCTYPE html>\n<html><head><title>Grüße</title></head><body><div id="main"><p>Hi</p></div><div id="side">side</div></body></html>';

export const rules = (more = ''): string =>
	`<rules xmlns="http://namespaces.plone.org/diazo" xmlns:css="http://namespaces.plone.org/diazo/css">
	<theme href="theme.html"/>
	<replace css:theme="title" css:content="title"/>
	<replace css:theme-children="#main" css:content-children="#content"/>
	${more}
</rules>
`;

export function themeProject(t: TestContext, files: Readonly<Record<string, string>> = {}): string {
	return project(t, { 'theme.html': THEME, 'page.html': PAGE, 'rules.xml': rules(), ...files });
}
