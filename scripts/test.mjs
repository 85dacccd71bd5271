// `npm test`: types, lint, unused code, build, and every test. Ends with one line "N passed, N failed".
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from './build.mjs';
import { ensureBrowser } from './ensure-browser.mjs';

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));
const bin = (file) => path.join(root, 'node_modules', file);
const work = mkdtempSync(path.join(os.tmpdir(), 'airdock-test-'));
let passed = 0;
let failed = 0;
let skipped = 0;

function run(file, args, env = {}) {
  return spawnSync(process.execPath, [file, ...args], { cwd: root, stdio: 'inherit', env: { ...process.env, ...env } }).status ?? 1;
}

/** A check that passes or fails as a whole counts as one test. */
function check(name, file, args) {
  console.log(`\n▸ ${name}`);
  if (run(file, args) === 0) passed += 1;
  else {
    failed += 1;
    console.log(`✗ ${name} failed`);
  }
}

function tests(project, env = {}) {
  console.log(`\n▸ tests: ${project}`);
  const report = path.join(work, `${project}.json`);
  const status = run(bin('vitest/vitest.mjs'), ['run', '--project', project, '--reporter=default', '--reporter=json', `--outputFile.json=${report}`, ...process.argv.slice(2)], env);
  if (!existsSync(report)) {
    failed += 1;
    console.log(`✗ the ${project} tests gave no report`);
    return;
  }
  const { numPassedTests, numFailedTests, numPendingTests, success } = JSON.parse(readFileSync(report, 'utf8'));
  passed += numPassedTests;
  failed += numFailedTests;
  skipped += numPendingTests;
  // A file that could not even be loaded, or an unhandled rejection, fails no single test.
  if ((status !== 0 || !success) && numFailedTests === 0) failed += 1;
}

console.log('▸ build');
build(['renderer', 'main', 'preload', 'types']);
check('types', bin('typescript/bin/tsc'), ['--noEmit']);
check('lint', bin('eslint/bin/eslint.js'), ['.', '--max-warnings', '0']);
check('unused code', bin('knip/bin/knip.js'), []);
tests('unit');
tests('llama');
tests('app');
const browser = ensureBrowser();
if (browser) tests('browser', { AIRDOCK_BROWSER: browser });
else {
  failed += 1;
  console.log('✗ the browser tests had no browser');
}

rmSync(work, { recursive: true, force: true });
if (skipped > 0) console.log(`\n${skipped} tests were skipped; each says why above.`);
console.log(`\n${passed} passed, ${failed} failed`);
process.exitCode = failed === 0 && passed > 0 ? 0 : 1;
