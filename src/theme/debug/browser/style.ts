/** For browsers: how the overlay, the outlines and the panel look. It is a style sheet of a shadow root, and self-contained. */
import { PANEL_STYLE } from './panel-style.ts';

export const STYLE: string = `
:host { all: initial; }
* { box-sizing: border-box; margin: 0; padding: 0; }
[hidden] { display: none !important; }
.backdrop, .panel, .pill, .regions {
	--ground: #14171c; --raised: #1d2128; --line: #343b46; --ink: #eceff3; --soft: #a3adba;
	--red: #ff7a72; --amber: #f2b84b; --green: #62d08b; --blue: #79b8ff; --violet: #c8a6ff;
	--mono: ui-monospace, SFMono-Regular, "SF Mono", Menlo, Consolas, "Liberation Mono", monospace;
	font: 14px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", sans-serif;
	color: var(--ink); color-scheme: dark; text-align: left; direction: ltr; -webkit-font-smoothing: antialiased;
}
button { font: inherit; color: inherit; background: none; border: 0; cursor: pointer; text-align: inherit; }
:focus-visible { outline: 2px solid var(--blue); outline-offset: 2px; }
ol, ul { list-style: none; }
code, pre { font-family: var(--mono); font-size: 0.92em; }

.backdrop { position: fixed; inset: 0; display: grid; place-items: start center; padding: min(8vh, 72px) 20px 20px;
	background: rgb(8 10 13 / 0.72); backdrop-filter: blur(3px); overflow: auto; }
.broken { width: min(100%, 920px); background: var(--ground); border: 1px solid var(--line); border-top: 4px solid var(--red);
	border-radius: 12px; box-shadow: 0 24px 80px rgb(0 0 0 / 0.55); overflow: hidden; }
.broken header { display: flex; align-items: center; gap: 12px; padding: 18px 24px 0; }
.broken h1 { flex: 1; font-size: 20px; line-height: 1.3; font-weight: 650; color: var(--red); }
.close, .dock { flex: none; width: 30px; height: 30px; text-align: center; line-height: 1; border-radius: 8px; color: var(--soft); }
.close:hover, .dock:hover { background: var(--line); color: var(--ink); }
.note { padding: 4px 24px 18px; color: var(--soft); }
.fault { padding: 18px 24px 20px; border-top: 1px solid var(--line); }
.fault .where { display: flex; flex-wrap: wrap; align-items: baseline; gap: 10px; }
.fault .where code { color: var(--blue); overflow-wrap: anywhere; }
.fault .code { margin-left: auto; color: var(--soft); font: 12px var(--mono); }
.badge { padding: 1px 8px; border-radius: 99px; font-size: 12px; font-weight: 600; background: rgb(255 122 114 / 0.16); color: var(--red); }
.warning .badge { background: rgb(242 184 75 / 0.16); color: var(--amber); }
.message { margin-top: 8px; font-size: 16px; font-weight: 550; overflow-wrap: anywhere; white-space: pre-line; }
.hint { margin-top: 10px; padding: 8px 12px; border-left: 3px solid var(--green); border-radius: 0 6px 6px 0;
	background: rgb(98 208 139 / 0.1); color: #c9f2d7; overflow-wrap: anywhere; }
.frame { margin-top: 12px; padding: 12px 0; background: #0c0e12; border: 1px solid var(--line); border-radius: 8px; overflow-x: auto;
	font-size: 13px; line-height: 1.6; tab-size: 4; }
.frame span { white-space: pre; }
.frame .line, .frame .carets { display: block; min-width: max-content; padding: 0 16px; color: #c5ccd6; }
.frame .number { color: #67717f; user-select: none; }
.frame .marked { background: rgb(255 122 114 / 0.13); color: #fff; box-shadow: inset 3px 0 var(--red); }
.frame .marked .number { color: var(--red); }
.frame .carets { color: var(--red); font-weight: 700; line-height: 1.1; }

.pill { position: fixed; left: 16px; bottom: 16px; display: inline-flex; align-items: center; gap: 8px; max-width: calc(100vw - 32px);
	padding: 8px 14px; border-radius: 99px; background: var(--ground); border: 1px solid var(--line);
	box-shadow: 0 6px 24px rgb(0 0 0 / 0.4); font-weight: 550; pointer-events: auto; }
.pill:hover { background: var(--raised); }
.pill .dot { width: 9px; height: 9px; border-radius: 50%; background: var(--red); }
.pill.debug { left: auto; right: 16px; }
.pill.debug .dot { background: var(--green); }
${PANEL_STYLE}
@media (prefers-reduced-motion: no-preference) {
	.broken { animation: rise 0.16s ease-out; }
	@keyframes rise { from { opacity: 0; transform: translateY(10px); } }
	.region.flash { animation: flash 0.9s ease-out; }
	@keyframes flash { from { background: hsl(var(--hue) 90% 60% / 0.55); } }
}
`;
