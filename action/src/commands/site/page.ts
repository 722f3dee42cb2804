/** The site: one HTML document with its code, its style and all results in it, that asks the network for nothing. */
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { build } from 'esbuild';
import { gzipSync } from 'fflate';
import { type Kept, listed, type SiteData, type SiteOptions, slimmed } from './kept.ts';

/** Equal results give equal bytes. */
export async function sitePage(runs: readonly Kept[], options: SiteOptions): Promise<string> {
  const [script, style] = await Promise.all([
    clientScript(),
    readFile(join(import.meta.dirname, 'page.css'), 'utf8'),
  ]);
  const data: SiteData = {
    ...options,
    runs: runs.map(({ folder, result }) => ({ folder, result: listed(result) })),
  };
  const policy = `default-src 'none'; script-src ${hash(script)}; style-src ${hash(style)}; img-src data:; base-uri 'none'; form-action 'none'`;
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<link rel="icon" href="data:,">
<title>Benchmark reports</title>
<style>${style}</style>
<body>
<noscript>This page lists benchmark runs with JavaScript. Without it, read README.md in the folder of reports.</noscript>
<div id="page"></div>
${packed('data', data)}
${runs.map(({ result }, i) => packed(`run-${i}`, slimmed(result))).join('\n')}
<script type="module">${script}</script>
</body>
</html>
`;
}

/** An element that no browser runs, with compressed JSON in it. */
function packed(id: string, value: unknown): string {
  const bytes = gzipSync(Buffer.from(JSON.stringify(value)), { level: 9, mtime: 0 });
  return `<script type="application/octet-stream" id="${id}">${Buffer.from(bytes).toString('base64')}</script>`;
}

function hash(content: string): string {
  return `'sha256-${createHash('sha256').update(content).digest('base64')}'`;
}

async function clientScript(): Promise<string> {
  const { outputFiles } = await build({
    entryPoints: [join(import.meta.dirname, 'client', 'main.ts')],
    bundle: true,
    minify: true,
    write: false,
    format: 'esm',
    target: 'es2022',
    charset: 'utf8',
    legalComments: 'none',
  });
  // What would end the element that the code stands in.
  return outputFiles[0]!.text.replaceAll('</script', '<\\/script');
}
