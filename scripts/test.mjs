// `npm test`: build, types, lint, unused code, and every test. Ends with one line "N passed, N failed".
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from './build.mjs';
import { electronHere } from '../test/electron/availability.mjs';
import { ensureBrowser } from './ensure-browser.mjs';

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));
const bin = (file) => path.join(root, 'node_modules', file);
const work = mkdtempSync(path.join(os.tmpdir(), 'airdock-test-'));
let passed = 0;
let failed = 0;

/** How it ended, and what it said; what is `shown` is said at once. */
async function run(file, args, { env = {}, shown }) {
  const child = spawn(process.execPath, [file, ...args], { cwd: root, stdio: ['inherit', ...(shown ? ['inherit', 'inherit'] : ['pipe', 'pipe'])], env: { ...process.env, ...env } });
  const said = [];
  for (const stream of [child.stdout, child.stderr]) stream?.on('data', (chunk) => said.push(chunk));
  const status = await once(child, 'close').then(([code]) => code ?? 1, () => 1);
  return { status, said: Buffer.concat(said).toString('utf8') };
}

/** One check after another. None of them runs what is tested, so they can work while tests wait. */
async function checkAll(checks) {
  const ended = [];
  for (const [name, file, ...args] of checks) ended.push({ name, ...(await run(bin(file), args, { shown: false })) });
  return ended;
}

/** A check that passes or fails as a whole counts as one test. */
function tell({ name, status, said }) {
  process.stdout.write(`\n▸ ${name}\n${said}`);
  if (status === 0) passed += 1;
  else {
    failed += 1;
    console.log(`✗ ${name} failed`);
  }
}

/** Runs a project of Vitest, and tells how many tests were skipped. */
async function tests(project, env = {}) {
  console.log(`\n▸ tests: ${project}`);
  const report = path.join(work, `${project}.json`);
  // What the app under test logs is of interest where something failed.
  const args = ['run', '--project', project, '--silent=passed-only', '--reporter=default', '--reporter=json', `--outputFile.json=${report}`, ...process.argv.slice(2)];
  const { status } = await run(bin('vitest/vitest.mjs'), args, { env, shown: true });
  if (!existsSync(report)) {
    failed += 1;
    console.log(`✗ the ${project} tests gave no report`);
    return { skipped: 0 };
  }
  const { numPassedTests, numFailedTests, numPendingTests, success } = JSON.parse(readFileSync(report, 'utf8'));
  passed += numPassedTests;
  failed += numFailedTests;
  // A file that could not even be loaded, or an unhandled rejection, fails no single test.
  if ((status !== 0 || !success) && numFailedTests === 0) failed += 1;
  return { skipped: numPendingTests };
}

/** Tests that something on this computer is missing for: said apart, and counted as neither passed nor failed. */
const skips = [];
function skippedIn(project, { skipped }, why) {
  if (skipped > 0) skips.push(`${project}: ${skipped} tests skipped: ${why}`);
}

console.log('▸ build');
build(['renderer', 'main', 'preload', 'types']);
const checks = checkAll([
  ['types', 'typescript/bin/tsc', '--noEmit'],
  ['lint', 'eslint/bin/eslint.js', '.', '--max-warnings', '0'],
  ['unused code', 'knip/bin/knip.js'],
]);
const eachSaysWhy = 'each says why above';
// The app's tests mostly wait for processes: the checks take what they leave of the cores.
skippedIn('app', await tests('app'), eachSaysWhy);
for (const check of await checks) tell(check);
for (const project of ['unit', 'llama']) skippedIn(project, await tests(project), eachSaysWhy);
const browser = ensureBrowser();
if (browser) for (const project of ['browser', 'desktop']) skippedIn(project, await tests(project, { AIRDOCK_BROWSER: browser }), eachSaysWhy);
else {
  failed += 1;
  console.log('✗ the browser tests and the desktop tests had no browser');
}
// The real Electron, where its binary is: the desktop tests above run the same app without it.
skippedIn('electron', await tests('electron'), electronHere().why ?? eachSaysWhy);

rmSync(work, { recursive: true, force: true });
if (skips.length > 0) console.log(`\n${skips.join('\n')}`);
console.log(`\n${passed} passed, ${failed} failed`);
process.exitCode = failed === 0 && passed > 0 ? 0 : 1;
