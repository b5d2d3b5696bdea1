/** The HTML report's style sheet: phone, desk and paper, light and dark. Colours keep a contrast of 4.5 to 1. */
export const STYLE = `
:root {
  color-scheme: light dark;
  --back: #f6f7f9; --card: #ffffff; --text: #1a2230; --soft: #556074; --line: #dbe0e8; --code: #f1f3f7;
  --fail: #b3261e; --unknown: #8a5a00; --advice: #1d5fa8; --excepted: #5b6475; --pass: #1b7038;
  --mark: #ffe08a; --mark-text: #3a2a00; --minus: #e7f5ea; --plus: #fdecea; --focus: #1d5fa8;
}
@media (prefers-color-scheme: dark) {
  :root {
    --back: #10141b; --card: #1a202a; --text: #e6eaf1; --soft: #a5b0c2; --line: #313a48; --code: #11161e;
    --fail: #ff8a80; --unknown: #f2b84b; --advice: #82b8ff; --excepted: #b3bccb; --pass: #74d28f;
    --mark: #6b5200; --mark-text: #fff3cf; --minus: #14301d; --plus: #3b1a1a; --focus: #82b8ff;
  }
}
* { box-sizing: border-box; }
body { margin: 0; background: var(--back); color: var(--text); font: 16px/1.5 system-ui, "Segoe UI", Roboto, "Liberation Sans", sans-serif; }
main, header, footer { max-width: 68rem; margin: 0 auto; padding: 0 1rem; }
header { padding-top: 2rem; }
h1 { font-size: 1.6rem; line-height: 1.25; margin: 0 0 .25rem; }
h2 { font-size: 1.2rem; margin: 2.25rem 0 0; overflow-wrap: anywhere; }
h3 { font-size: 1rem; margin: 0; display: flex; flex-wrap: wrap; gap: .5rem; align-items: center; }
h4 { font-size: .85rem; margin: .9rem 0 .25rem; color: var(--soft); font-weight: 600; }
p { margin: .5rem 0; overflow-wrap: anywhere; }
.soft, footer { color: var(--soft); font-size: .9rem; }
.tiles { display: grid; grid-template-columns: repeat(auto-fit, minmax(8rem, 1fr)); gap: .75rem; margin: 1.25rem 0; padding: 0; list-style: none; }
.tiles li { background: var(--card); border: 1px solid var(--line); border-radius: .6rem; padding: .7rem 1rem; color: var(--soft); }
.tiles b { display: block; font-size: 1.7rem; line-height: 1.2; color: var(--text); font-variant-numeric: tabular-nums; }
.tiles .violating b { color: var(--fail); } .tiles .unknown b { color: var(--unknown); } .tiles .compliant b { color: var(--pass); }
.scroll { overflow-x: auto; background: var(--card); border: 1px solid var(--line); border-radius: .6rem; }
table { border-collapse: collapse; width: 100%; font-size: .95rem; }
th, td { text-align: left; padding: .5rem .7rem; border-bottom: 1px solid var(--line); overflow-wrap: anywhere; }
tbody:last-child tr:last-child > * { border-bottom: 0; }
th { color: var(--soft); font-weight: 600; } tbody th[scope=row] { font-weight: 400; min-width: 9rem; } thead th, td:nth-child(2), td:nth-child(3) { white-space: nowrap; }
.group th { background: var(--code); color: var(--text); }
.count { text-align: right; font-variant-numeric: tabular-nums; }
thead button { font: inherit; color: inherit; background: none; border: 0; padding: .15rem 0; cursor: pointer; }
[aria-sort=ascending] button::after { content: " \u25b2"; } [aria-sort=descending] button::after { content: " \u25bc"; }
#search { display: flex; flex-wrap: wrap; gap: .5rem 1rem; align-items: center; }
#search label { flex: 1 1 16rem; } #search input { font: inherit; flex: 1; min-width: 0; padding: .25rem .5rem; }
.causes { margin: .5rem 0; padding-left: 1.5rem; } .causes li { margin: .2rem 0; overflow-wrap: anywhere; }
header h2 { margin: 1.5rem 0 .5rem; }
/* A section out of sight is not laid out: a thousand exports open at once. */
section { content-visibility: auto; contain-intrinsic-size: auto 30rem; }
.paper { display: none; }
a { color: var(--advice); }
.badge { font-size: .75rem; font-weight: 700; letter-spacing: .03em; padding: .1rem .5rem; border-radius: 1rem; border: 1px solid currentColor; white-space: nowrap; }
.fail, .violating { color: var(--fail); } .unknown { color: var(--unknown); } .advice { color: var(--advice); }
.excepted { color: var(--excepted); } .pass, .compliant { color: var(--pass); }
.severity { font-size: .8rem; color: var(--soft); font-weight: 400; }
form { background: var(--card); border: 1px solid var(--line); border-radius: .6rem; padding: .75rem 1rem; margin: 1.5rem 0 0; display: flex; flex-wrap: wrap; gap: .5rem 1.75rem; align-items: center; }
fieldset { border: 0; margin: 0; padding: 0; display: flex; flex-wrap: wrap; gap: .15rem .9rem; align-items: center; }
legend { float: left; color: var(--soft); font-size: .85rem; font-weight: 600; padding: 0 .9rem 0 0; }
label { display: inline-flex; gap: .35rem; align-items: center; min-height: 2rem; }
input[type=checkbox] { width: 1.05rem; height: 1.05rem; accent-color: var(--focus); }
select { font: inherit; max-width: min(16rem, 100%); padding: .15rem .3rem; }
output { color: var(--soft); font-size: .9rem; margin-left: auto; }
#search output { margin-left: 0; }
:focus-visible { outline: 3px solid var(--focus); outline-offset: 2px; }
article { background: var(--card); border: 1px solid var(--line); border-left: .35rem solid currentColor; border-radius: .5rem; padding: .8rem 1rem; margin: .75rem 0; break-inside: avoid-page; }
article > * { color: var(--text); } article h3 .badge.fail { color: var(--fail); }
article .risk { color: var(--soft); }
dl { display: grid; grid-template-columns: max-content 1fr; gap: .1rem .8rem; margin: .5rem 0; font-size: .92rem; }
dt { color: var(--soft); } dd { margin: 0; overflow-wrap: anywhere; }
code, pre { font-family: ui-monospace, "SF Mono", Menlo, Consolas, "Liberation Mono", monospace; font-size: .85rem; }
pre { background: var(--code); border: 1px solid var(--line); border-radius: .4rem; padding: .6rem .8rem; margin: .35rem 0; white-space: pre-wrap; overflow-wrap: anywhere; max-height: 30rem; overflow-y: auto; }
.pair { display: grid; grid-template-columns: 1fr 1fr; gap: 0 .75rem; }
.pair pre { margin: 0; height: calc(100% - 2.6rem); } .pair .expected pre { background: var(--minus); } .pair .found pre { background: var(--plus); }
mark { background: var(--mark); color: var(--mark-text); border-radius: .2rem; padding: .05rem 0; }
details { margin: .45rem 0 0; } summary { cursor: pointer; padding: .2rem 0; font-weight: 600; font-size: .92rem; }
[hidden] { display: none; }
footer { padding: 2rem 1rem 3rem; }
@media (max-width: 40rem) {
  .pair { grid-template-columns: 1fr; } .pair pre { height: auto; }
  dl { grid-template-columns: 1fr; } dd { margin-bottom: .3rem; }
  th, td { padding: .45rem .6rem; } output { margin-left: 0; }
  /* Each export's heading repeats account and region; low, info and pass are counted in its findings. */
  th:nth-child(2):not([colspan]), td:nth-child(2), thead th:nth-child(3), td:nth-child(3) { display: none; }
  thead th:nth-child(n+8):not(:nth-child(10)), td:nth-child(n+8):not(:nth-child(10)) { display: none; }
  form > label { width: 100%; } select { flex: 1; min-width: 0; max-width: none; }
}
@media print {
  :root { color-scheme: light; --back: #fff; --card: #fff; --text: #000; --soft: #444; --line: #bbb; --code: #fff; --fail: #9c1c15; --unknown: #7a5000; --advice: #174d8a; --excepted: #444; --pass: #155c2d; --mark: #ffe08a; --mark-text: #000; --minus: #fff; --plus: #fff; }
  @page { size: A4; margin: 12mm; }
  html { font-size: 9px; } body { font-size: 1rem; line-height: 1.35; } h2 { margin-top: .8rem; } main, header, footer { max-width: none; padding: 0; }
  form, #search, details, .pair, .fingerprint, footer, .nothing { display: none; }
  .paper { display: block; }
  /* One page of summary. */
  header { break-after: page; max-height: 260mm; overflow: hidden; }
  .tiles { grid-template-columns: repeat(4, 1fr); margin: .5rem 0; } .tiles li { padding: .2rem .6rem; }
  .scroll { overflow: visible; } th, td { padding: .15rem .4rem; }
  .long tr:has(.compliant), .long tbody:not(:has(.violating, .unknown)) { display: none; }
  tbody:nth-of-type(n+6), .long tbody tr:nth-child(n+7) { display: none; }
  .resolved li:nth-child(n+6), header > p.unknown ~ p.unknown ~ p.unknown ~ p.unknown { display: none; }
  /* At most a page an export; a compliant one has its row in the table. */
  section { content-visibility: visible; break-inside: avoid; max-height: 260mm; overflow: hidden; }
  article.pass, section:not(:has(article:not([hidden], .pass))) { display: none; }
  article { padding: .3rem .6rem; margin: .3rem 0; break-inside: avoid; }
  article:nth-child(n+7 of article:not([hidden], .pass)) { display: none; }
  article p { display: -webkit-box; -webkit-line-clamp: 4; -webkit-box-orient: vertical; overflow: hidden; }
  article p.paper { display: -webkit-box; } dl { margin: .2rem 0; }
}
`;
