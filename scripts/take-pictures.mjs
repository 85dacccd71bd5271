// Takes the README's pictures from the real thing: headless Airdock, sample models, the dashboard in Chromium.
import path from 'node:path';
import { root, withAirdock } from './with-airdock.mjs';

await withAirdock({ parts: ['renderer', 'main'], ollamaHost: process.env.AIRDOCK_PICTURES_OLLAMA_HOST }, async ({ signInLink, browser }) => {
  const context = await browser.newContext({ viewport: { width: 960, height: 720 }, deviceScaleFactor: 2, reducedMotion: 'reduce' });
  const page = await context.newPage();
  page.setDefaultTimeout(60_000);
  await page.goto(signInLink);
  await page.getByRole('button', { name: 'Make sample models' }).click();
  await page.getByRole('link', { name: 'Models' }).click();
  const load = async (name, then = async () => undefined) => {
    await page.getByRole('button', { name: `Load ${name}`, exact: true }).click();
    await then();
    await page.getByRole('button', { name: `Unload ${name}`, exact: true }).waitFor();
    // The history under the bar takes a point every five seconds: something has to lie between two events.
    await page.waitForTimeout(40_000);
  };
  await load('sample-small');
  await load('sample-large');
  await load('sample-medium', () => page.getByRole('button', { name: 'Unload and load' }).click());
  await page.getByRole('link', { name: 'Memory' }).click();
  await page.getByRole('heading', { name: 'Last 15 minutes' }).waitFor();
  // The marks under the history come in a file of their own.
  await page.getByRole('toolbar', { name: 'What happened' }).getByRole('button').first().waitFor();
  await page.mouse.move(0, 0);
  for (const colorScheme of ['light', 'dark']) {
    await page.emulateMedia({ colorScheme });
    await page.evaluate(() => window.scrollTo(0, 0));
    await page.screenshot({ path: path.join(root, `docs/dashboard-${colorScheme}.png`), fullPage: true });
    console.log(`docs/dashboard-${colorScheme}.png`);
  }
});
