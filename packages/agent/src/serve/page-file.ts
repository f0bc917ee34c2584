import { createHash } from 'node:crypto';
import { NOTICE, SCRIPT, STYLE } from './page.generated.js';

/** The page: one file that loads nothing. */
export const PAGE = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>ipvs-ts</title>
<style>${STYLE}</style>
</head>
<body>
<div id="page"></div>
<noscript>This page needs JavaScript; ipvs-ts status shows the same in a terminal.</noscript>
<script type="module">${SCRIPT}</script>
<!--
${NOTICE}
-->
</body>
</html>
`;

/** The Content-Security-Policy of the page: only its script and its style are allowed, by their digests. */
export const PAGE_POLICY = [
  "default-src 'none'",
  `script-src ${digest(SCRIPT)}`,
  `style-src ${digest(STYLE)}`,
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
  "require-trusted-types-for 'script'",
].join('; ');

function digest(text: string): string {
  return `'sha256-${createHash('sha256').update(text).digest('base64')}'`;
}
