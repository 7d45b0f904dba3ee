/** For browsers: how the panel and the outlines of `?theme=debug` look. Each rule has a hue of its own. */
export const PANEL_STYLE = `
.region { position: fixed; pointer-events: none; border: 2px solid hsl(var(--hue) 85% 48%); border-radius: 3px;
	background: hsl(var(--hue) 90% 60% / 0.05); box-shadow: 0 0 0 1px rgb(255 255 255 / 0.65), inset 0 0 0 1px rgb(255 255 255 / 0.5); }
.region.active { background: hsl(var(--hue) 90% 60% / 0.18); border-width: 3px; }
.label { position: fixed; padding: 0 7px; border-radius: 4px 4px 0 0; font: 600 11px/18px var(--mono); white-space: nowrap;
	background: hsl(var(--hue) 75% 34%); color: #fff; box-shadow: 0 0 0 1px rgb(255 255 255 / 0.65); }
.label:hover, .label:focus-visible { background: hsl(var(--hue) 80% 24%); z-index: 1; }
.tip { position: fixed; z-index: 2; display: flex; flex-wrap: wrap; align-items: baseline; gap: 4px 10px; max-width: min(560px, calc(100vw - 16px));
	padding: 8px 12px; background: var(--ground); border: 1px solid var(--line); border-left: 4px solid hsl(var(--hue) 85% 55%);
	border-radius: 8px; box-shadow: 0 8px 28px rgb(0 0 0 / 0.45); pointer-events: none; }

.panel { position: fixed; top: 12px; right: 12px; bottom: 12px; width: min(440px, calc(100vw - 24px)); display: flex; flex-direction: column;
	background: var(--ground); border: 1px solid var(--line); border-radius: 12px; box-shadow: 0 16px 60px rgb(0 0 0 / 0.5); overflow: hidden; }
.panel.left { right: auto; left: 12px; }
.panel header { display: flex; align-items: center; gap: 4px; padding: 14px 12px 10px 18px; }
.panel .title { flex: 1; min-width: 0; }
.panel h1 { font-size: 16px; font-weight: 650; line-height: 1.3; overflow-wrap: anywhere; }
.panel .title p { color: var(--soft); font: 12px/1.4 var(--mono); overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
.panel nav { display: flex; align-items: center; gap: 2px; padding: 0 12px 10px; border-bottom: 1px solid var(--line); }
.panel nav a { padding: 3px 9px; border-radius: 6px; color: var(--soft); text-decoration: none; font-size: 13px; }
.panel nav a:hover { background: var(--raised); color: var(--ink); }
.panel nav a[aria-current] { background: var(--line); color: var(--ink); font-weight: 600; }
.panel nav label { display: flex; align-items: center; gap: 6px; margin-left: auto; padding-right: 6px; font-size: 13px; color: var(--soft); cursor: pointer; }
.panel nav input { accent-color: var(--blue); width: 15px; height: 15px; }
.panel .scroll { flex: 1; min-height: 0; overflow: auto; overscroll-behavior: contain; scrollbar-width: thin; scrollbar-color: var(--line) transparent; }
.figures { display: grid; grid-template-columns: repeat(4, 1fr); gap: 1px; background: var(--line); border-bottom: 1px solid var(--line); }
.figure { padding: 10px 8px; background: var(--ground); text-align: center; }
.figure b { display: block; font-size: 14px; font-weight: 650; white-space: nowrap; }
.figure span { display: block; color: var(--soft); font-size: 11px; line-height: 1.3; }

details { border-bottom: 1px solid var(--line); }
summary { padding: 8px 18px; cursor: pointer; font-size: 13px; font-weight: 600; }
summary:hover { background: var(--raised); }
summary:focus-visible { outline-offset: -2px; }
details > :not(summary) { padding: 2px 18px 14px; }
details li + li { margin-top: 10px; }
.mark { display: inline-block; width: 1.5em; color: var(--soft); }
.chosen .mark { color: var(--green); }
.passed b { font-weight: 500; color: var(--soft); }
.choices .tests, .choices .why { margin-left: 1.5em; }
.where { color: var(--soft); font: 12px var(--mono); overflow-wrap: anywhere; }
.choices p .where { margin-left: 8px; }
.why { color: var(--soft); font-size: 13px; overflow-wrap: anywhere; }
.stops .hint { margin-top: 6px; padding: 5px 10px; font-size: 13px; }
.stops code { overflow-wrap: anywhere; }
.warnings li { color: var(--amber); font-size: 13px; overflow-wrap: anywhere; }
.warnings li + li { margin-top: 6px; }

.chips { position: sticky; top: 0; z-index: 1; display: flex; flex-wrap: wrap; gap: 6px; padding: 10px 14px; background: var(--ground); border-bottom: 1px solid var(--line); }
.chip { padding: 2px 10px; border: 1px solid var(--line); border-radius: 99px; font-size: 12px; color: var(--soft); }
.chip b { font-weight: 650; color: var(--ink); }
.chip:hover { background: var(--raised); }
.chip[aria-pressed="true"] { background: var(--ink); border-color: var(--ink); color: #14171c; }
.chip[aria-pressed="true"] b { color: inherit; }
.rule { border-bottom: 1px solid var(--line); box-shadow: inset 3px 0 transparent; }
.rule.applied { box-shadow: inset 3px 0 hsl(var(--hue) 85% 60%); }
.rule.selected { background: var(--raised); }
.rule .go { display: flex; gap: 10px; width: 100%; padding: 9px 16px 9px 14px; }
.rule .go:hover { background: var(--raised); }
.rule .go:focus-visible { outline-offset: -2px; }
.rule .number { flex: none; width: 26px; text-align: right; font: 600 12px/21px var(--mono); color: var(--soft); }
.rule.applied .number { color: hsl(var(--hue) 90% 74%); }
.rule .body { flex: 1; min-width: 0; display: block; }
.rule .head { display: flex; align-items: baseline; gap: 8px; }
.rule .head b { font-weight: 650; }
.status { margin-left: auto; padding: 0 8px; border-radius: 99px; font-size: 11px; line-height: 18px; font-weight: 600; background: var(--line); color: var(--ink); }
.applied .status { background: rgb(98 208 139 / 0.16); color: var(--green); }
.no-content .status, .no-theme-node .status, .unreachable .status { background: rgb(242 184 75 / 0.16); color: var(--amber); }
.shadowed .status { background: rgb(200 166 255 / 0.16); color: var(--violet); }
.selectors { display: flex; flex-wrap: wrap; align-items: baseline; gap: 2px 7px; overflow-wrap: anywhere; }
.selectors code { color: var(--blue); }
.selectors .content-side { color: var(--amber); }
.selectors i { font-style: normal; color: var(--soft); }
.selectors em { font-style: normal; font-size: 13px; color: var(--soft); }
.rule .why { display: block; margin-top: 2px; }
.rule .facts { display: flex; flex-wrap: wrap; justify-content: space-between; gap: 0 12px; margin-top: 2px; font-size: 12px; color: var(--soft); }
.rule .facts .where { margin-left: auto; }
.tests { font-size: 12px; }
.rule > .tests { padding: 0 16px 10px 50px; }
.tests .holds span { color: var(--green); }
.tests .fails span { color: var(--red); }
.tests code { overflow-wrap: anywhere; color: var(--soft); }
`;
