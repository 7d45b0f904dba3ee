/**
 * What is put into a page for its browser: data, and the script that reads it. Data is JSON in an element that is no
 * script; nothing of it can end that element or begin another, and the script shows it as text alone.
 */
import { BROKEN_OVERLAY, CORE, DEBUG_PANEL, DEBUG_REGIONS, RELOAD, STYLE } from './browser/index.ts';
import type { ScriptLeave } from './content-policy.ts';
import type { DebugReport } from './debug-report.ts';

/** What the browser is told about itself. */
export interface ClientData {
	/** Where events come from; null: nobody tells of changes. */
	readonly events: string | null;
	/** The plan that the page was made by. */
	readonly revision: string;
	/** For `?theme=debug`. */
	readonly report: DebugReport | null;
}

/** The whole script, the same for every page. */
export const CLIENT_SCRIPT: string = `(() => {
'use strict';
const script = document.currentScript;
const store = script === null ? null : script.previousElementSibling;
if (store === null || store.type !== 'application/json') return;
const data = JSON.parse(store.textContent);
store.remove();
script.remove();
const STYLE = ${JSON.stringify(STYLE)};
${CORE}
${BROKEN_OVERLAY}
${RELOAD}
${DEBUG_REGIONS}
${DEBUG_PANEL}
if (data.events !== null) startReloading();
if (data.report !== null) startDebugging(data.report);
})();
`;

/** Markup for the end of a page. `file`: where the script is to be had. */
export function clientMarkup(data: ClientData, leave: ScriptLeave, file: string): string {
	const json = JSON.stringify(data).replace(/[<>&\u2028\u2029]/g, escapeUnit);
	const store = `<script type="application/json">${json}</script>`;
	if (leave.kind === 'file') return `${store}<script src="${attribute(file)}"></script>`;
	const nonce = leave.nonce === null ? '' : ` nonce="${attribute(leave.nonce)}"`;
	return `${store}<script${nonce}>//<![CDATA[\n${CLIENT_SCRIPT}//]]></script>`;
}

const escapeUnit = (unit: string): string => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`;

const attribute = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('"', '&quot;');

const END = /(?:<\/body\s*>\s*)?(?:<\/html\s*>\s*)?$/i;

/** Markup right before the end of `body`, or at the end where that has no tag of its own. */
export function atEnd(page: string, markup: string): string {
	const at = END.exec(page)?.index ?? page.length;
	return page.slice(0, at) + markup + page.slice(at);
}
