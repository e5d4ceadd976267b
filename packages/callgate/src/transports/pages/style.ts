/** How the pages look: one column that reads on a phone, calm by day and by night. */
export const style = `
:root{color-scheme:light dark;--ground:#f6f5f2;--card:#fff;--line:#e4e1da;--ink:#1d1c1a;--quiet:#6b675f;--accent:#1f5f4a;--on-accent:#fff;--deny:#9a2f22;--warn-ground:#fdf3df;--warn-ink:#6d4a05;--soft:#f3f1ec}
@media(prefers-color-scheme:dark){:root{--ground:#161614;--card:#1f1f1c;--line:#35342f;--ink:#eceae4;--quiet:#a39f95;--accent:#7cc9ab;--on-accent:#10211a;--deny:#f09486;--warn-ground:#3a2f16;--warn-ink:#f3d795;--soft:#272621}}
*{box-sizing:border-box}
body{margin:0;overflow-wrap:anywhere;background:var(--ground);color:var(--ink);font:1rem/1.55 system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue",Arial,sans-serif;-webkit-text-size-adjust:100%}
header,main,footer{max-width:44rem;margin:0 auto;padding:0 1rem}
header{display:flex;gap:.5rem 1rem;align-items:center;justify-content:space-between;flex-wrap:wrap;padding-top:1.1rem;padding-bottom:1.1rem;color:var(--quiet);font-size:.875rem}
header a{color:inherit;text-decoration:none}
header strong{color:var(--ink);font-size:1rem;font-weight:650}
header form{display:flex;gap:.6rem;align-items:center;flex-wrap:wrap}
h1{font-size:1.55rem;line-height:1.25;margin:.1rem 0 .35rem;font-weight:680;letter-spacing:-.012em;overflow-wrap:anywhere}
h2{font-size:.8rem;font-weight:640;color:var(--quiet);margin:0 0 .5rem;letter-spacing:.02em}
p{margin:.4rem 0}
.card{background:var(--card);border:1px solid var(--line);border-radius:14px;padding:1.5rem;margin-bottom:1.25rem}
.card>section{margin-top:1.5rem}
.quiet{color:var(--quiet);font-size:.9rem}
.state{display:inline-block;font-size:.8rem;font-weight:600;padding:.12rem .6rem;border-radius:99px;background:var(--soft);color:var(--quiet)}
.state.awaiting{background:var(--warn-ground);color:var(--warn-ink)}
.state.approved,.state.used{background:var(--accent);color:var(--on-accent)}
.state.denied{background:var(--deny);color:var(--card)}
.note{border-left:3px solid var(--line);padding:.1rem 0 .1rem .9rem;white-space:pre-wrap;overflow-wrap:anywhere;margin:.4rem 0}
.warn{background:var(--warn-ground);color:var(--warn-ink);border-radius:10px;padding:.7rem .9rem;margin:.9rem 0}
dl{margin:0;display:grid;grid-template-columns:minmax(6.5rem,32%) minmax(0,1fr)}
dt,dd{margin:0;padding:.5rem 0;border-top:1px solid var(--line);overflow-wrap:anywhere;min-width:0}
dt{color:var(--quiet);padding-right:1rem}
dd{white-space:pre-wrap}
dl>dt:first-of-type,dl>dt:first-of-type+dd{border-top:0}
dd.amount{font-variant-numeric:tabular-nums}
.bound{margin-top:.75rem}
.preview{background:var(--soft);border-radius:12px;padding:.35rem 1rem}
.preview dl dl{margin:0 0 .2rem;padding-left:.8rem;border-left:2px solid var(--line)}
.preview dt:has(+dd>dl),.preview dt:has(+dd>ol){grid-column:1/-1}
.preview dd:has(>dl),.preview dd:has(>ol){grid-column:1/-1;border-top:0;padding-top:0}
.preview ol,.preview ul{margin:0;padding-left:1.4rem}
.preview li{padding:.15rem 0;white-space:pre-wrap}
.none{color:var(--quiet)}
.unseen{font:600 .72em ui-monospace,Menlo,Consolas,monospace;background:var(--deny);color:var(--card);border-radius:4px;padding:.05em .35em;margin:0 .1em;white-space:nowrap}
code{font:.86em ui-monospace,Menlo,Consolas,monospace;overflow-wrap:anywhere}
details{margin-top:1.5rem;border-top:1px solid var(--line);padding-top:.9rem}
summary{cursor:pointer;color:var(--quiet);font-size:.9rem}
details dl{font-size:.9rem;margin-top:.5rem}
label{display:block;font-size:.9rem;font-weight:600;margin-bottom:.35rem}
label span{font-weight:400;color:var(--quiet)}
input,textarea{width:100%;font:inherit;color:inherit;background:var(--ground);border:1px solid var(--line);border-radius:10px;padding:.65rem .8rem}
textarea{min-height:4.2rem;resize:vertical}
button,.button{font:inherit;font-weight:620;border-radius:10px;padding:.7rem 1.3rem;border:1px solid var(--line);background:var(--card);color:var(--ink);cursor:pointer;min-height:2.9rem;text-decoration:none;display:inline-block}
button.approve{background:var(--accent);border-color:var(--accent);color:var(--on-accent)}
button.deny{color:var(--deny);border-color:var(--deny)}
button.plain{border:0;background:none;padding:.2rem 0;min-height:0;font-weight:400;color:inherit;text-decoration:underline;text-underline-offset:3px}
:focus-visible{outline:3px solid var(--accent);outline-offset:2px}
.deeds{display:flex;gap:.75rem;margin-top:1rem;flex-wrap:wrap}
.deeds button{flex:1 1 9rem}
.list{list-style:none;margin:0;padding:0}
.list li{border-top:1px solid var(--line)}
.list li:first-child{border-top:0}
.list a{display:grid;grid-template-columns:minmax(0,1fr);gap:.15rem;padding:.9rem 0;color:inherit;text-decoration:none}
.list a:hover strong{text-decoration:underline;text-underline-offset:3px}
.row{display:flex;justify-content:space-between;gap:.5rem 1rem;flex-wrap:wrap;align-items:baseline}
.list .reason{overflow-wrap:anywhere;display:-webkit-box;-webkit-line-clamp:2;-webkit-box-orient:vertical;overflow:hidden}
.narrow{max-width:27rem;margin:8vh auto 1.25rem}
footer{padding-bottom:2.5rem;color:var(--quiet);font-size:.82rem}
@media(max-width:34rem){.card{padding:1.15rem;border-radius:12px}dl{grid-template-columns:minmax(0,1fr)}dt{padding-bottom:0}dd{border-top:0;padding-top:.1rem}.deeds button{flex-basis:100%}h1{font-size:1.35rem}}
`;
