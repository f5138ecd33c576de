"""The style sheet of the HTML article: light and dark, narrow and wide, screen and paper."""

from __future__ import annotations

STYLE = """
:root{color-scheme:light dark;--bg:#fff;--panel:#f5f7f9;--ink:#1b2530;--quiet:#515e6b;--rule:#d5dce2;--link:#0a55a3;--focus:#0a55a3;
--met-bg:#e2f3e8;--met:#14532d;--info-bg:#fff2d3;--info:#664000;--review-bg:#ece8fb;--review:#412f86;--none-bg:#ebeff2;--none:#3a4551;--bad-bg:#fde8e4;--bad:#7f1d1d;--caution-bg:#fff7e3;--caution:#b07300}
@media (prefers-color-scheme:dark){:root{--bg:#11161c;--panel:#1a2129;--ink:#e5eaef;--quiet:#a8b3be;--rule:#35404b;--link:#8ec4ff;--focus:#8ec4ff;
--met-bg:#12331f;--met:#a3e5b7;--info-bg:#3a2b08;--info:#ffdc93;--review-bg:#2a2450;--review:#d2c6ff;--none-bg:#242c35;--none:#c6cfd8;--bad-bg:#45191a;--bad:#ffb9b3;--caution-bg:#2b2311;--caution:#d9a441}}
*{box-sizing:border-box}
html{scroll-padding-top:1rem;-webkit-text-size-adjust:100%}
body{margin:0;background:var(--bg);color:var(--ink);font:16px/1.55 system-ui,-apple-system,"Segoe UI",Roboto,Helvetica,Arial,sans-serif;overflow-wrap:break-word}
.page{max-width:76rem;margin:0 auto;padding:1rem 1rem 4rem}
a{color:var(--link);text-underline-offset:.15em}
a:focus-visible,summary:focus-visible{outline:3px solid var(--focus);outline-offset:2px;border-radius:2px}
.skip{position:absolute;left:-999px;top:0;background:var(--bg);padding:.5rem 1rem;z-index:9}
.skip:focus{left:0}
h1{font-size:clamp(1.25rem,1.05rem + .9vw,1.65rem);line-height:1.3;margin:.4rem 0 1rem;text-wrap:pretty}
h2{font-size:1.35rem;line-height:1.3;margin:2.6rem 0 .7rem;padding-top:.7rem;border-top:2px solid var(--rule)}
h3{font-size:1.1rem;line-height:1.35;margin:1.8rem 0 .5rem}
p{margin:.5rem 0}
ul,ol{margin:.4rem 0 .8rem;padding-left:1.35rem}
li{margin:.28rem 0}
li>ul{margin:.2rem 0 .3rem}
ul.signed{list-style:none;padding-left:.2rem}
.brand{font-weight:700;letter-spacing:.01em;color:var(--quiet);margin:0;font-size:.9rem}
.brand b{color:var(--ink)}
.note{color:var(--quiet);font-size:.88em}
sup{font-size:.72em;line-height:0}
.cite{white-space:nowrap;text-decoration:none}
.cite:hover{text-decoration:underline}
.cite .m{font-weight:700;color:var(--bad)}
code{font:.86em/1.45 ui-monospace,SFMono-Regular,Menlo,Consolas,"DejaVu Sans Mono",monospace;background:var(--panel);border:1px solid var(--rule);border-radius:4px;padding:.08em .35em;overflow-wrap:anywhere;-webkit-box-decoration-break:clone;box-decoration-break:clone}
pre{background:var(--panel);border:1px solid var(--rule);border-radius:6px;padding:.7rem .9rem;white-space:pre-wrap;overflow-wrap:anywhere}
pre code{background:none;border:0;padding:0}
#review,#reader,#reading{font-size:1.02rem;margin:1.3rem 0 .4rem;padding-top:.6rem;border-top-width:1px}
.lead{margin-bottom:.1rem;margin-top:1rem}
.steps{list-style:none;display:flex;flex-wrap:wrap;gap:.4rem;margin:.4rem 0 .8rem;padding:0;counter-reset:step}
.steps li{margin:0;flex:1 1 9rem;border:1px solid var(--rule);border-top:4px solid var(--rule);border-radius:4px;padding:.35rem .7rem;color:var(--quiet)}
.steps li.current{border-color:var(--link);color:var(--ink);font-weight:600}
.steps li.done{border-top-color:var(--met);color:var(--ink)}
.steps small{display:block;font-weight:400;color:var(--quiet);font-size:.85em}
.callout{border-left:5px solid var(--caution);background:var(--caution-bg);padding:.6rem .9rem;border-radius:0 6px 6px 0;margin:.8rem 0}
.callout.correction{border-color:var(--review);background:var(--review-bg)}
.callout.note{border-color:var(--rule);background:var(--panel);color:inherit;font-size:1em}
.callout p{margin:.2rem 0}
.choices{list-style:none;padding:0;display:flex;flex-wrap:wrap;gap:.4rem;margin:.5rem 0}
.choices li{border:1px solid var(--rule);border-radius:99px;padding:.2rem .8rem;margin:0;font-size:.92rem;color:var(--quiet)}
.choices li.chosen{border-color:var(--link);color:var(--ink);font-weight:600}
.pill{display:inline-block;border-radius:99px;padding:.08rem .7rem .1rem .5rem;font-size:.9rem;font-weight:600;vertical-align:.06em}
.sign{display:inline-block;min-width:1.15em;margin-right:.25em;text-align:center;font-weight:700}
.o-meets_criteria,.o-met{background:var(--met-bg);color:var(--met)}
.o-needs_information,.o-missing{background:var(--info-bg);color:var(--info)}
.o-needs_clinical_review{background:var(--review-bg);color:var(--review)}
.o-no_policy,.o-uncounted,.o-{background:var(--none-bg);color:var(--none)}
.o-not_met{background:var(--bad-bg);color:var(--bad)}
.sign.t{background:none}
.scroll{overflow-x:auto;margin:.6rem 0 1rem}
table{border-collapse:separate;border-spacing:0;width:100%;font-size:.93rem}
caption{text-align:left;color:var(--quiet);padding:0 0 .45rem}
.plain caption{font-weight:600;color:var(--ink)}
th,td{text-align:left;vertical-align:top;padding:.45rem .6rem}
.plain th,.plain td{border-bottom:1px solid var(--rule)}
.plain thead th{border-bottom:2px solid var(--rule);font-size:.88em;color:var(--quiet)}
.plain tbody th{font-weight:600}
.grid{border-spacing:3px}
.grid th{background:var(--panel);font-weight:600;border-radius:4px}
.grid th small,.grid td small{display:block;font-weight:400;font-size:.86em;line-height:1.35;margin-top:.12rem}
.grid th small{color:var(--quiet)}
.grid th a{color:inherit}
.grid td{border-radius:4px}
.grid td a{color:inherit;font-weight:600}
.grid .corner{color:var(--quiet);font-weight:400;font-size:.86em}
td[data-label=Date]{white-space:nowrap}
.verdicts{display:grid;grid-template-columns:1fr;gap:.5rem;margin:.7rem 0 1rem;padding:0;list-style:none}
.verdicts>li{border:1px solid var(--rule);border-radius:6px;padding:.5rem .75rem;background:var(--panel);font-size:.93rem;margin:0}
.verdicts b{display:block}
.verdicts .k{color:var(--quiet);font-size:.8rem;font-weight:600;text-transform:uppercase;letter-spacing:.05em}
.verdicts p{margin:.2rem 0;font-size:.95em}
figure{margin:1rem 0;break-inside:avoid}
figcaption{font-size:.93rem;margin-bottom:.4rem}
svg.tree{max-width:100%;height:auto;display:block}
svg.tree .met .box{fill:var(--met-bg)}svg.tree .missing .box{fill:var(--info-bg)}svg.tree .not_met .box{fill:var(--bad-bg)}
svg.tree .uncounted .box{fill:var(--none-bg);stroke:var(--none)}svg.tree .uncounted .ink{fill:var(--none)}svg.tree .uncounted .mark{stroke:var(--none)}
svg.tree .met .ink{fill:var(--met)}svg.tree .missing .ink{fill:var(--info)}svg.tree .not_met .ink{fill:var(--bad)}
svg.tree .met .mark,svg.tree .met .box{stroke:var(--met)}svg.tree .missing .mark,svg.tree .missing .box{stroke:var(--info)}svg.tree .not_met .mark,svg.tree .not_met .box{stroke:var(--bad)}
.narrow{display:none!important}
.refs{list-style:none;padding:0}
.refs li{display:grid;grid-template-columns:3rem 1fr;gap:.2rem;padding:.3rem 0;border-bottom:1px solid var(--rule);font-size:.93rem;margin:0}
.refs li:target,h3:target,h2:target{background:var(--info-bg);color:var(--info)}
.refs .m{background:var(--bad-bg);color:var(--bad);font-weight:700;border-radius:3px;padding:0 .35em;font-size:.85em}
details{margin:.5rem 0 .9rem;border:1px solid var(--rule);border-radius:6px;padding:0 .75rem}
summary{cursor:pointer;padding:.45rem 0;font-size:.95rem;color:var(--link);overflow-wrap:anywhere}
summary:hover{text-decoration:underline}
details[open]>summary{border-bottom:1px solid var(--rule);margin-bottom:.5rem}
details:has(:target)::details-content{content-visibility:visible;block-size:auto}
nav.contents{display:none}
nav.contents ol{list-style:none;padding:0;margin:.3rem 0}
nav.contents a{color:var(--quiet);text-decoration:none;display:block;padding:.14rem 0;line-height:1.3}
nav.contents a:hover{color:var(--link);text-decoration:underline}
main{min-width:0}
@media (min-width:44rem),print{.verdicts{grid-template-columns:repeat(4,1fr)}.verdicts.deep{grid-template-columns:1fr 1fr;grid-template-rows:auto auto 1fr}.verdicts.deep>li:first-child{grid-row:span 3}}
@media (min-width:70rem){.page{display:grid;grid-template-columns:14rem minmax(0,1fr);gap:2.5rem;align-items:start}
nav.contents{display:block;position:sticky;top:1rem;max-height:calc(100vh - 2rem);overflow:auto;font-size:.88rem}
main{max-width:56rem}}
@media (max-width:40rem){.wide{display:none!important}.narrow{display:block!important}
.stack,.stack tbody,.stack tr,.stack th,.stack td,.stack caption{display:block}
.stack thead{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%)}
.stack tr{margin-bottom:.9rem;border:1px solid var(--rule);border-radius:6px;overflow:hidden}
.stack th,.stack td{border-radius:0;border:0}
.stack td+td,.stack th+td{border-top:1px solid var(--rule)}
.stack td::before{content:attr(data-label);display:block;font-size:.8rem;font-weight:600;opacity:.9}
.stack td[data-label=""]::before{content:none}
.refs li{grid-template-columns:2.4rem 1fr}}
@media print{:root{color-scheme:light;--bg:#fff;--panel:#fff;--ink:#000;--quiet:#333;--rule:#999;--link:#000;--met-bg:#fff;--met:#000;--info-bg:#fff;--info:#000;--review-bg:#fff;--review:#000;--none-bg:#fff;--none:#000;--bad-bg:#fff;--bad:#000;--caution-bg:#fff;--caution:#000}
@page{margin:16mm 14mm}
body{font-size:9.3pt;line-height:1.35}
h1{font-size:14pt}h2{font-size:12.5pt;margin-top:1.4rem}h3{font-size:10.5pt;margin-top:1rem}
.grid{font-size:8.4pt}.grid th,.grid td{padding:.25rem .4rem}
.page{display:block;max-width:none;padding:0}
nav.contents,.skip,section[aria-labelledby=reader]{display:none!important}
.wide{display:block!important}.narrow{display:none!important}
details{border:0;padding:0;margin:.3rem 0}
details::details-content{content-visibility:visible!important;block-size:auto!important;height:auto!important}
summary{list-style:none;color:var(--ink);font-weight:600;font-size:9.3pt;padding:.2rem 0}
details:has(>figure){break-inside:avoid}
summary::-webkit-details-marker{display:none}
details[open]>summary{border:0;margin:0}
details>figure>figcaption,details>.scroll>.plain>caption{display:none}
h2,h3,.lead,summary,figcaption,caption{break-after:avoid}
li,tr,figure,.verdicts,.callout,.scroll:has(.grid){break-inside:avoid}
.grid th,.grid td,.pill,.verdicts>li{border:1px solid #999}
.scroll{overflow:visible}
.refs a[href^=http]::after{content:" " attr(href);font-size:.9em;overflow-wrap:anywhere}
.refs a[href^=http] span{display:none}
.cite{text-decoration:none}
svg.tree{max-height:235mm;width:auto}}
@supports not selector(::details-content){@media print{details:not([open])>summary::after{content:" (closed on the screen: open it before printing)";font-weight:400}}}
""".strip()
