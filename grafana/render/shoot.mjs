// Takes a picture of one dashboard: node shoot.mjs DASHBOARD.json PROMETHEUS_URL OUT.png FROM TO [VARS]
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { chromium } from 'playwright-core';

const [dashboard, prometheus, out, from, to, vars = '{}'] = process.argv.slice(2);
const files = { '/': 'index.html', '/page.js': 'dist/page.js', '/page.css': 'dist/page.css' };
const types = { '/': 'text/html', '/page.js': 'text/javascript', '/page.css': 'text/css' };
const server = createServer(async (request, response) => {
  const { pathname, search } = new URL(request.url, 'http://x');
  if (pathname.startsWith('/api/')) return response.end(await (await fetch(prometheus + pathname + search)).text());
  if (pathname === '/dashboard.json') return response.end(await readFile(dashboard));
  response.setHeader('content-type', types[pathname] ?? 'text/plain');
  response.end(files[pathname] ? await readFile(new URL(files[pathname], import.meta.url)) : '');
});
await new Promise((ready) => server.listen(0, '127.0.0.1', ready));
const base = `http://127.0.0.1:${server.address().port}`;
const browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
  args: ['--headless', '--no-sandbox', '--disable-gpu', '--disable-background-networking', '--disable-component-update', '--disable-sync', '--no-first-run', '--disable-quic'] });
const page = await browser.newPage({ viewport: { width: 1432, height: 900 } });
const problems = [];
page.on('pageerror', (error) => problems.push(String(error.stack ?? error)));
page.on('console', (m) => { if (m.type() === 'error') problems.push(m.text()); });
await page.goto(`${base}/?${new URLSearchParams({ dashboard: '/dashboard.json', prometheus: '', from, to, vars })}`);
try { await page.waitForFunction(() => { const p = document.querySelectorAll('[data-panel]'); return p.length && [...p].every((e) => e.dataset.ready === 'yes'); }, null, { timeout: 20000 }); } catch (e) { console.log(JSON.stringify({ problems }, null, 1)); await page.screenshot({ path: out }); process.exit(2); }
await page.waitForTimeout(800);
const empty = await page.$$eval('.no-data', (all) => all.map((e) => e.closest('[data-panel]').dataset.panel));
const failed = await page.$$eval('.panel-error', (all) => all.map((e) => e.closest('[data-panel]').dataset.panel + ': ' + e.textContent));
await page.screenshot({ path: out, fullPage: true });
await browser.close(); server.close();
console.log(JSON.stringify({ out, empty, failed, problems }));
process.exit(failed.length || problems.length ? 1 : 0);
