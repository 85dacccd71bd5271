// Draws the icons of assets/ from their SVG sources, in Chromium: `node scripts/render-icons.mjs`. The pictures are kept in the repository, so a build needs no browser.
import { mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright';
import { runnerImport } from 'vite';
import { ensureBrowser } from './ensure-browser.mjs';

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));
const executablePath = ensureBrowser();
if (!executablePath) process.exit(1);
const { module: icons } = await runnerImport(path.join(root, 'main/desktop/tray/icons.ts'), { configFile: false, logLevel: 'error' });
const traySvg = readFileSync(path.join(root, 'assets/tray/tray.svg'), 'utf8');

const browser = await chromium.launch({ executablePath, args: process.getuid?.() === 0 ? ['--no-sandbox'] : [] });
let bytes = 0;
let files = 0;
try {
  const page = await browser.newPage();
  for (const folder of ['mac', 'linux', 'windows']) rmSync(path.join(root, 'assets/tray', folder), { recursive: true, force: true });
  for (const name of icons.iconNames) {
    const black = trayIcon(name, false);
    const colour = trayIcon(name, true);
    await pair('darwin', name, black);
    await pair('linux', name, colour);
    const pictures = [];
    for (const size of icons.iconSizes.win32) pictures.push({ size, png: await draw(colour, size) });
    save(`tray/${icons.iconFile('win32', name)}`, ico(pictures));
  }
  save('icon.png', await draw(readFileSync(path.join(root, 'assets/icon.svg'), 'utf8'), 1024));

  async function pair(platform, name, svg) {
    const file = icons.iconFile(platform, name);
    const [small, large] = icons.iconSizes[platform];
    save(`tray/${file}`, await draw(svg, small));
    save(`tray/${file.replace(/\.png$/, '@2x.png')}`, await draw(svg, large));
  }

  async function draw(svg, size) {
    const data = await page.evaluate(
      async ([source, pixels]) => {
        const sized = source.replace(/(<svg[^>]*?) width="\d+" height="\d+"/, `$1 width="${pixels}" height="${pixels}"`);
        const image = new Image();
        image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(sized)}`;
        await image.decode();
        const canvas = document.createElement('canvas');
        canvas.width = canvas.height = pixels;
        canvas.getContext('2d').drawImage(image, 0, 0, pixels, pixels);
        return canvas.toDataURL('image/png');
      },
      [svg, size],
    );
    return Buffer.from(data.slice(data.indexOf(',') + 1), 'base64');
  }
} finally {
  await browser.close();
}
console.log(`${files} files, ${Math.round(bytes / 1024)} kB`);

/** "level-3-kept" → the drawing with these attributes. */
function trayIcon(name, coloured) {
  const [, level, sign, mark] = /^(?:level-(\d)|(busy|problem))(?:-(\w+))?$/.exec(name);
  const attributes = { level, sign, mark, colour: coloured ? 'yes' : undefined };
  const given = Object.entries(attributes).flatMap(([key, value]) => (value === undefined ? [] : [`data-${key}="${value}"`]));
  return traySvg.replace('<svg ', `<svg ${given.join(' ')} `);
}

/** An .ico is a list of pictures of one thing; since Windows Vista they may be PNGs. */
function ico(pictures) {
  const head = Buffer.alloc(6 + 16 * pictures.length);
  head.writeUInt16LE(1, 2); // an icon, not a cursor
  head.writeUInt16LE(pictures.length, 4);
  let offset = head.length;
  pictures.forEach(({ size, png }, index) => {
    const at = 6 + 16 * index;
    head.writeUInt8(size % 256, at);
    head.writeUInt8(size % 256, at + 1);
    head.writeUInt16LE(1, at + 4); // planes
    head.writeUInt16LE(32, at + 6); // bits per pixel
    head.writeUInt32LE(png.length, at + 8);
    head.writeUInt32LE(offset, at + 12);
    offset += png.length;
  });
  return Buffer.concat([head, ...pictures.map(({ png }) => png)]);
}

function save(name, data) {
  const file = path.join(root, 'assets', name);
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, data);
  bytes += statSync(file).size;
  files += 1;
}
