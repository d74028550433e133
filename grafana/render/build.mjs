// Bundles the page; everything that Grafana's library loads comes from node_modules.
import { build } from 'esbuild';
await build({
  entryPoints: ['page.jsx'], bundle: true, outfile: process.argv[2] ?? 'dist/page.js', format: 'esm', target: 'es2022', minify: true,
  loader: { '.svg': 'dataurl', '.woff': 'dataurl', '.woff2': 'dataurl', '.ttf': 'dataurl', '.png': 'dataurl' },
  define: { global: 'globalThis', 'process.env.NODE_ENV': '"production"' }, jsx: 'automatic', alias: { 'react-custom-scrollbars-2': './interop.mjs' }, logLevel: 'error',
});
